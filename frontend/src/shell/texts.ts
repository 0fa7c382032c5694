/** The translated texts the server put on the page (`texts.py`). */
export type PageTexts = Record<
  | 'error_network'
  | 'error_forbidden'
  | 'error_missing'
  | 'error_server'
  | 'error_request'
  | 'file_none'
  | 'file_type'
  | 'file_one'
  | 'close',
  string
>;

export function pageTexts(): PageTexts {
  const element = document.getElementById('xt-texts');
  if (!element?.textContent) throw new Error('The page has no #xt-texts; extend ui/skeleton.html.');
  return JSON.parse(element.textContent) as PageTexts;
}
