import { pageTexts } from './texts';

export type Level = 'info' | 'success' | 'warning' | 'danger';
const STAY_MS = 8000;

/** Shows a short message at the edge of the page. Problems stay until closed; good news goes away. */
export function toast(message: string, level: Level = 'info'): void {
  const region = document.getElementById('xt-toasts');
  if (!region) return;
  const box = document.createElement('div');
  box.className = `alert alert-dismissible alert-${level} xt-toast`;
  const text = document.createElement('div');
  text.textContent = message;
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'btn-close';
  close.dataset.xtDismiss = '';
  close.setAttribute('aria-label', pageTexts().close);
  box.append(text, close);
  region.append(box);
  if (level === 'info' || level === 'success') setTimeout(() => box.remove(), STAY_MS);
}

/** Close buttons of messages, and toasts the server asks for: `HX-Trigger: {"xt:toast": {"message": …, "level": …}}`. */
export function enhanceAlerts(): void {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest('[data-xt-dismiss]');
    button?.closest('.alert')?.remove();
  });
  document.addEventListener('xt:toast', (event) => {
    const { message, level } = (event as CustomEvent<{ message: string; level?: Level }>).detail;
    toast(message, level);
  });
}
