/** Values as colours: where one stands on the scale, and the key to it. */
import { inkText, textWidth } from './common';
import { colourAt, type Look } from './look';
import { shown, type ChartSpec } from './spec';

export function extent(values: (number | null)[]): [number, number] {
  const known = values.filter((value): value is number => value !== null);
  return known.length ? [Math.min(...known), Math.max(...known)] : [0, 0];
}

/** Where a value stands between the ends, 0…1; null for an unknown one, the middle when all are equal. */
export function share(value: number | null, low: number, high: number): number | null {
  if (value === null) return null;
  return high > low ? (value - low) / (high - low) : 0.5;
}

/** The colour scale as text and swatches under the drawing. */
export function scaleLegend(spec: ChartSpec, look: Look, low: number, high: number) {
  const steps = [0, 1 / 3, 2 / 3, 1];
  const width = look.size * 2;
  const lowest = shown(low, spec.decimals);
  const start = textWidth(lowest, look.size) + 8;
  const swatches = steps.map((at, i) => ({
    type: 'rect' as const,
    shape: { x: start + i * width, y: 0, width, height: look.size },
    style: { fill: colourAt(look.scale, at), stroke: look.line },
  }));
  const text = (content: string, x: number, align: 'left' | 'right') => ({
    type: 'text' as const,
    style: { ...inkText(look), text: content, x, y: look.size / 2, align },
  });
  const missed = spec.target && spec.target.direction !== 'neutral' ? `   ▼ ${spec.texts.off_target}` : '';
  const ends = [text(lowest, start - 6, 'right'), text(`${shown(high, spec.decimals)}${missed}`, start + 4 * width + 6, 'left')];
  return [{ type: 'group' as const, left: 8, bottom: 6, silent: true, children: [...swatches, ...ends] }];
}
