/** Draws every chart of a part of the page, redraws when the page changes its size or look, follows clicks. */
import type { EChartsType } from 'echarts/core';
import type { Item } from './common';
import { init } from './library';
import { readLook } from './look';
import { notDrawn, rowsOf, toOption } from './options';
import { fileName, offer, picture, toPng } from './save';
import type { ChartSpec } from './spec';

interface Drawn {
  figure: HTMLElement;
  canvas: HTMLElement;
  spec: ChartSpec;
  chart: EChartsType;
  map: string | null;
  width: number;
}

const drawn = new Map<HTMLElement, Drawn>();

export function drawCharts(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>('[data-xt-chart]').forEach((figure) => {
    if (!drawn.has(figure)) start(figure);
  });
}

function start(figure: HTMLElement): void {
  const source = document.getElementById(figure.dataset.xtChart ?? '');
  const canvas = figure.querySelector<HTMLElement>('.xt-chart-canvas');
  if (!source?.textContent || !canvas) throw new Error('A chart on this page has no spec; use the chart tag.');
  const spec = JSON.parse(source.textContent) as ChartSpec;
  const chart = init(canvas, null, { renderer: 'svg' });
  const state: Drawn = { figure, canvas, spec, chart, map: null, width: 0 };
  drawn.set(figure, state);
  chart.on('click', (event) => follow((event.data as Item | undefined)?.point?.href));
  figure.querySelectorAll<HTMLButtonElement>('[data-xt-save]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', () => void save(state, button.dataset.xtSave ?? 'png'));
  });
  redraw(state);
  watch(state);
  if (notDrawn(spec)) say(state, spec.texts.not_drawn.replace('{n}', String(notDrawn(spec))));
  if (spec.kind === 'points' && spec.geo_url) void withShapes(state, spec.geo_url);
}

async function withShapes(state: Drawn, url: string): Promise<void> {
  const { loadShapes } = await import('./shapes');
  try {
    state.map = await loadShapes(url);
    redraw(state);
  } catch (error) {
    console.error(error);
    say(state, state.spec.texts.shapes_missing);
  }
}

function redraw(state: Drawn): void {
  const { chart, canvas, spec } = state;
  const width = canvas.clientWidth;
  if (!width) return; // hidden, in a closed tab for instance; the observer calls again when it is shown
  state.width = width;
  const look = readLook(canvas);
  const rows = rowsOf(spec, width, look.unit);
  if (rows === null) canvas.removeAttribute('data-xt-rows');
  else {
    canvas.setAttribute('data-xt-rows', '');
    canvas.style.setProperty('--xt-rows', String(rows));
  }
  chart.resize();
  chart.setOption(toOption(spec, look, width, state.map), { notMerge: true });
}

function watch(state: Drawn): void {
  if (typeof ResizeObserver !== 'function') return; // Safari 13.0: the window's own event below serves
  new ResizeObserver(() => {
    if (!state.figure.isConnected) discard(state);
    else if (state.canvas.clientWidth !== state.width || state.canvas.clientHeight !== state.chart.getHeight()) redraw(state);
  }).observe(state.canvas);
}

function discard(state: Drawn): void {
  drawn.delete(state.figure);
  if (!state.chart.isDisposed()) state.chart.dispose();
}

function redrawAll(): void {
  drawn.forEach((state) => (state.figure.isConnected ? redraw(state) : discard(state)));
}
window.addEventListener('resize', redrawAll);
document.addEventListener('xt:look', redrawAll);

function say({ figure }: Drawn, text: string): void {
  const line = figure.querySelector<HTMLElement>('.xt-chart-message');
  if (!line) return;
  line.textContent = text;
  line.hidden = false;
}

/** Only addresses of pages: a spec must not be able to run a script. */
function follow(href: string | undefined): void {
  if (!href) return;
  const url = new URL(href, location.href);
  if (url.protocol === 'http:' || url.protocol === 'https:') location.assign(url.href);
}

async function save(state: Drawn, kind: string): Promise<void> {
  const { chart, canvas, spec } = state;
  try {
    const drawing = canvas.querySelector('svg');
    chart.dispatchAction({ type: 'updateAxisPointer', currTrigger: 'leave' });
    chart.dispatchAction({ type: 'hideTip' });
    if (!drawing) throw new Error('The chart has not been drawn yet.');
    // The serialiser quotes font names rightly; the library's own text of the drawing does not.
    const xml = new XMLSerializer().serializeToString(drawing);
    const made = picture(spec, readLook(canvas), xml, chart.getWidth(), chart.getHeight());
    const blob = kind === 'svg' ? new Blob([made.svg], { type: 'image/svg+xml' }) : await toPng(made);
    offer(blob, fileName(spec.title, kind));
  } catch (error) {
    console.error(error);
    say(state, spec.texts.failed);
  }
}
