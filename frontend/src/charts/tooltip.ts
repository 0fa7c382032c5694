/**
 * Tooltips as elements: the drawing library's own would carry inline styles, which the content security policy
 * forbids, and text nodes need no escaping.
 */
import { shown, withUnit, type AnyPoint, type ChartSpec } from './spec';

export interface Line {
  text: string;
  value: string;
  quiet?: boolean;
}

export function valueText(spec: ChartSpec, value: number | null, reason: string): string {
  return value === null ? reason || spec.texts.no_value : withUnit(shown(value, spec.decimals), spec.unit);
}

/** The lines of one point: its values, or why there are none, and its note. */
export function linesOf(spec: ChartSpec, series: string, point: AnyPoint): Line[] {
  const lines: Line[] = [];
  const add = (text: string, value: number | null) =>
    lines.push({ text, value: valueText(spec, value, point.reason), quiet: value === null });
  if ('low' in point) {
    add(spec.texts.highest, point.high);
    add(spec.texts.mean, point.mean);
    add(spec.texts.lowest, point.low);
  } else if ('x' in point) {
    add(spec.x_label, point.x);
    add(spec.y_label, point.y);
  } else {
    add(series, point.value);
  }
  if (point.note) lines.push({ text: point.note, value: '', quiet: true });
  return lines;
}

export function tip(title: string, lines: Line[]): HTMLElement {
  const box = document.createElement('div');
  box.className = 'xt-tip';
  box.append(row('xt-tip-title', title));
  lines.forEach(({ text, value, quiet }) =>
    box.append(row(quiet ? 'xt-tip-quiet' : '', text && value ? `${text}  ${value}` : text || value)),
  );
  return box;
}

function row(css: string, text: string): HTMLElement {
  const line = document.createElement('div');
  line.className = css;
  line.textContent = text;
  return line;
}
