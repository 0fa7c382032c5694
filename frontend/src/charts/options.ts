import type { EChartsOption } from 'echarts';
import { barOption, liesDown } from './bars';
import { lineOption } from './lines';
import type { Look } from './look';
import { placeOption } from './places';
import { rangeOption } from './ranges';
import { scatterOption } from './scatter';
import type { ChartSpec } from './spec';
import { tileOption } from './tiles';

/** The drawing library's option for a spec, at a width in pixels; `map` is a registered set of shapes, if any. */
export function toOption(spec: ChartSpec, look: Look, width: number, map: string | null = null): EChartsOption {
  switch (spec.kind) {
    case 'line':
      return lineOption(spec, look, width);
    case 'dotrange':
      return rangeOption(spec, look, width);
    case 'scatter':
      return scatterOption(spec, look);
    case 'tilegrid':
      return tileOption(spec, look);
    case 'points':
      return placeOption(spec, look, map);
    default:
      return barOption(spec, look, width);
  }
}

/** How many rows a drawing needs, when its height should follow them; null when the page decides. */
export function rowsOf(spec: ChartSpec, width: number, unit = 1): number | null {
  const count = spec.series[0]?.points.length ?? 0;
  if (spec.kind === 'dotrange') return count;
  if (spec.kind === 'bar' || spec.kind === 'hbar') return liesDown(spec, width, unit) ? count * Math.max(1, spec.series.length * 0.7) : null;
  return spec.kind === 'stacked' && liesDown(spec, width, unit) ? count : null;
}

/** Points that cannot be placed, because one of their two values is unknown. */
export function notDrawn(spec: ChartSpec): number {
  if (spec.kind !== 'scatter') return 0;
  return spec.series.reduce((sum, { points }) => sum + points.filter(({ x, y }) => x === null || y === null).length, 0);
}
