/** What every page runs. Charts and Alpine are loaded only by pages that hold them. */
import './styles/main.scss';
import Collapse from 'bootstrap/js/dist/collapse';
import Dropdown from 'bootstrap/js/dist/dropdown';
import Offcanvas from 'bootstrap/js/dist/offcanvas';
import { enhanceDefinitions } from './components/definition';
import { enhanceDropZones } from './components/drop-zone';
import { enhanceDialogs } from './shell/dialogs';
import { startHtmx } from './shell/htmx';
import { enhancePreferences } from './shell/preferences';
import { enhanceAlerts } from './shell/toasts';

// Named so that the bundler keeps them: importing them wires their data-bs-* attributes.
export const bootstrap = { Collapse, Dropdown, Offcanvas };

/** Brings one part of the page to life: the whole document at first, later each piece that htmx brings in. */
function enhance(root: ParentNode): void {
  enhanceDropZones(root);
  root.querySelector<HTMLElement>('[data-xt-focus]')?.focus();
  if (root.querySelector('[data-xt-chart]')) void import('./charts/draw').then(({ drawCharts }) => drawCharts(root));
  if (document.querySelector('[x-data]')) void import('./shell/alpine');
}

// The side navigation is a named dialog only while it lies over the page.
document.addEventListener('show.bs.offcanvas', ({ target }) => {
  const panel = target as HTMLElement;
  if (panel.dataset.xtTitle) panel.setAttribute('aria-labelledby', panel.dataset.xtTitle);
});
document.addEventListener('hidden.bs.offcanvas', ({ target }) => (target as HTMLElement).removeAttribute('aria-labelledby'));

enhancePreferences();
enhanceAlerts();
enhanceDialogs();
enhanceDefinitions();
startHtmx(enhance);
enhance(document);
