/** The toggles for large text and high contrast, without a page load; the language needs the server's answer. */
const YEAR = 365 * 24 * 3600;

export function enhancePreferences(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    const button = event.submitter as HTMLButtonElement | null;
    if (!form.matches('[data-xt-prefs]') || !button) return;
    // The address may have changed since the page was made: lists keep their search in it.
    const next = form.querySelector<HTMLInputElement>('input[name=next]');
    if (next) next.value = location.pathname + location.search;
    if (!button.dataset.xtOn) return;
    event.preventDefault();
    apply(button.name, button.value);
  });
}

function apply(name: string, value: string): void {
  document.documentElement.setAttribute(`data-xt-${name}`, value);
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `xt_${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  document.querySelectorAll<HTMLButtonElement>(`[data-xt-prefs] button[name="${name}"]`).forEach((button) => {
    const on = button.dataset.xtOn === value;
    button.setAttribute('aria-pressed', String(on));
    button.value = (on ? button.dataset.xtOff : button.dataset.xtOn) ?? '';
  });
  document.dispatchEvent(new CustomEvent('xt:look'));
}
