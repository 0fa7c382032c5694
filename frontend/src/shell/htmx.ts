import htmx from 'htmx.org';
import { pageTexts, type PageTexts } from './texts';
import { toast } from './toasts';

/** Settings stand in the page's htmx-config meta tag. Failed requests become a toast that says what to do. */
export function startHtmx(enhance: (root: ParentNode) => void): void {
  htmx.onLoad((element) => {
    const part = element as Element;
    if (part !== document.body) enhance(part.parentElement ?? part);
  });
  document.addEventListener('htmx:sendError', () => toast(pageTexts().error_network, 'danger'));
  document.addEventListener('htmx:responseError', (event) => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    toast(pageTexts()[textFor(xhr.status)], 'danger');
  });
}

export function textFor(status: number): keyof PageTexts {
  if (status >= 500) return 'error_server';
  if (status === 401 || status === 403) return 'error_forbidden';
  return status === 404 || status === 410 ? 'error_missing' : 'error_request';
}
