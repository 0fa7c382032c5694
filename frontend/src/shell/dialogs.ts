/**
 * Native dialogs: `data-xt-open="#id"` opens one, `data-xt-close` closes the one it stands in, and `hx-confirm`
 * asks through #xt-confirm. Safari 13 has no <dialog>: there the browser's own question is asked.
 */
interface ConfirmDetail {
  question?: string | null;
  issueRequest(skip: boolean): void;
}

export function enhanceDialogs(): void {
  document.addEventListener('click', (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>('[data-xt-open]');
    if (opener?.dataset.xtOpen) open(opener.dataset.xtOpen);
    else if (target.closest('[data-xt-close]')) target.closest('dialog')?.close();
    else if (target instanceof HTMLDialogElement && typeof target.close === 'function') closeOnBackdrop(target, event);
  });
  document.addEventListener('htmx:confirm', (event) => {
    const { question, issueRequest } = (event as CustomEvent<ConfirmDetail>).detail;
    const dialog = document.getElementById('xt-confirm') as HTMLDialogElement | null;
    if (!question || !dialog || typeof dialog.showModal !== 'function') return;
    event.preventDefault();
    ask(dialog, question, () => issueRequest(true));
  });
}

function open(selector: string): void {
  const dialog = document.querySelector<HTMLDialogElement>(selector);
  if (!dialog) throw new Error(`There is no dialog ${selector} on this page.`);
  if (typeof dialog.showModal === 'function') {
    dialog.showModal();
  } else if (window.confirm(dialog.querySelector('h2')?.textContent ?? '')) {
    dialog.querySelector('form')?.submit();
  }
}

function ask(dialog: HTMLDialogElement, question: string, proceed: () => void): void {
  const text = dialog.querySelector('.xt-dialog-text');
  if (text) text.textContent = question;
  dialog.returnValue = '';
  dialog.addEventListener('close', () => dialog.returnValue === 'confirm' && proceed(), { once: true });
  dialog.showModal();
}

/** A click on the dialog element itself, outside its box, is a click on the backdrop. */
function closeOnBackdrop(dialog: HTMLDialogElement, event: MouseEvent): void {
  const box = dialog.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside && event.detail > 0) dialog.close();
}
