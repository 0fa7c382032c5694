/** The definition editor: a click on a data element writes its code where the cursor was. */

let target: HTMLTextAreaElement | null = null;

document.addEventListener('focusin', ({ target: element }) => {
  if (element instanceof HTMLTextAreaElement && 'xtExpression' in element.dataset) target = element;
});

document.addEventListener('click', ({ target: element }) => {
  const code = (element as Element).closest<HTMLElement>('[data-xt-insert]')?.dataset.xtInsert;
  const field = target ?? document.querySelector<HTMLTextAreaElement>('textarea[data-xt-expression]');
  if (code === undefined || field === null) return;
  insert(field, code);
  field.focus();
  // The live check listens for what a person types.
  field.dispatchEvent(new Event('input', { bubbles: true }));
});

/** Only the fields that the chosen kind of figure reads are shown, and those that hold something. */
function showUsed(kind: string): void {
  document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('[data-xt-kinds]').forEach((field) => {
    const used = (field.dataset.xtKinds ?? '').split(' ').includes(kind) || field.value.trim() !== '';
    const whole = field.closest<HTMLElement>('.xt-field');
    if (whole) whole.hidden = !used;
    const more = field.closest('details');
    if (more && used) more.open = true;
  });
}

const kinds = document.querySelector<HTMLSelectElement>('#id_kind');
kinds?.addEventListener('change', () => showUsed(kinds.value));
if (kinds) showUsed(kinds.value);

/** Puts a word at the cursor, with a space where it would run into its neighbour. */
function insert(field: HTMLTextAreaElement, word: string): void {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const before = start > 0 && /\w/.test(value.charAt(start - 1)) ? ' ' : '';
  const after = /\w/.test(value.charAt(end)) ? ' ' : '';
  field.setRangeText(before + word + after, start, end, 'end');
}
