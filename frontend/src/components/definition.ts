/** Explanations (<details class="xt-definition">): one open at a time, closed by Escape or a click elsewhere. */
export function enhanceDefinitions(): void {
  const openOnes = () => document.querySelectorAll<HTMLDetailsElement>('details.xt-definition[open]');
  document.addEventListener('click', (event) => {
    openOnes().forEach((details) => {
      if (!details.contains(event.target as Node)) details.open = false;
    });
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    openOnes().forEach((details) => {
      details.open = false;
      if (details.contains(document.activeElement)) details.querySelector('summary')?.focus();
    });
  });
}
