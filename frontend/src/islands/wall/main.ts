/** The cockpit on a wall: one section after another; still for visitors who asked for less motion, or who pause it. */
import './wall.scss';

let at = 0;
let running = !matchMedia('(prefers-reduced-motion: reduce)').matches;
let timer = 0;

function show(rotor: HTMLElement, next: number): void {
  const parts = rotor.querySelectorAll<HTMLElement>('.xt-rotor-part');
  if (!parts.length) return;
  at = ((next % parts.length) + parts.length) % parts.length;
  parts.forEach((part, i) => (part.hidden = i !== at));
  rotor.querySelectorAll<HTMLAnchorElement>('[data-xt-part]').forEach((link, i) => {
    if (i === at) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  });
}

function schedule(rotor: HTMLElement): void {
  clearInterval(timer);
  const seconds = Number(rotor.dataset.xtRotor);
  if (running && seconds > 0) timer = window.setInterval(() => show(rotor, at + 1), seconds * 1000);
}

function name(button: HTMLButtonElement): void {
  button.textContent = (running ? button.dataset.xtStop : button.dataset.xtRun) ?? '';
}

/** Called for the page, and again for what comes in its place every few minutes; the same section stays in view. */
function start(): void {
  const rotor = document.querySelector<HTMLElement>('[data-xt-rotor]');
  if (!rotor) return;
  rotor.querySelectorAll<HTMLAnchorElement>('[data-xt-part]').forEach((link, i) => {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      show(rotor, i);
      schedule(rotor);
    });
  });
  const pause = rotor.querySelector<HTMLButtonElement>('[data-xt-pause]');
  if (pause) {
    pause.hidden = false;
    name(pause);
    pause.addEventListener('click', () => {
      running = !running;
      name(pause);
      schedule(rotor);
    });
  }
  show(rotor, at);
  schedule(rotor);
}

start();
document.addEventListener('htmx:load', (event) => {
  if ((event as CustomEvent<{ elt: Element }>).detail.elt.id === 'wall-body') start();
});
