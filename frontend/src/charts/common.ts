/** What the kinds of charts share: axes, hatching, the target line, the option around it all. */
import type { EChartsOption, SeriesOption } from 'echarts';
import type { Look } from './look';
import { shown, type AnyPoint, type ChartSpec } from './spec';
import { linesOf, tip, type Line } from './tooltip';

export type Axis = 'x' | 'y';

/** A data item; `point` leads a click to its page and fills its tooltip. */
export interface Item {
  name: string;
  point: AnyPoint;
  [extra: string]: unknown;
}

/** Hatching for what misses the target, and for what is unknown. */
export function hatch(colour: string, unit: number, gap = 5) {
  return { symbol: 'rect', color: colour, dashArrayX: [1, 0], dashArrayY: [2 * unit, gap * unit], rotation: -Math.PI / 4 } as const;
}

/** One pattern per part of a stack, so that parts are told apart without colour. */
export function pattern(index: number, colour: string, unit: number) {
  const patterns = [
    undefined,
    hatch(colour, unit, 6),
    { symbol: 'circle', symbolSize: 0.5, color: colour, dashArrayX: [[6 * unit, 6 * unit], [0, 6 * unit, 6 * unit, 0]], dashArrayY: [6 * unit, 0] },
    { symbol: 'rect', color: colour, dashArrayX: [1, 0], dashArrayY: [unit, 5 * unit], rotation: 0 },
    { symbol: 'rect', color: colour, dashArrayX: [1, 0], dashArrayY: [2 * unit, 4 * unit], rotation: Math.PI / 4 },
  ];
  return patterns[index % patterns.length];
}

export const SYMBOLS = ['circle', 'diamond', 'triangle', 'rect', 'roundRect', 'pin'] as const;

/** Up to here every label is shown; beyond, the library leaves some out. */
const ALL_LABELS = 30;

/** `room` is the width of a label in pixels; longer ones are broken over lines, or cut where rows have no height. */
export function categoryAxis(look: Look, labels: string[], room: number, overflow: 'break' | 'truncate') {
  return {
    type: 'category' as const,
    data: labels,
    axisLine: { lineStyle: { color: look.quiet } },
    axisTick: { show: false },
    axisLabel: {
      color: look.text,
      fontSize: look.size,
      width: room,
      overflow,
      ...(labels.length <= ALL_LABELS ? { interval: 0 } : { hideOverlap: true }),
    },
  };
}

/** The name of an upright axis lies above it: turned text is hard to read, Chinese above all. */
export function valueAxis(spec: ChartSpec, look: Look, axis: Axis, name = '') {
  const place =
    axis === 'x'
      ? { nameLocation: 'middle' as const, nameGap: look.size * 2.2 }
      : { nameLocation: 'end' as const, nameGap: look.size * 0.8 };
  return {
    type: 'value' as const,
    name,
    nameTextStyle: { color: look.quiet, fontSize: look.size, align: (axis === 'x' ? 'center' : 'left') as 'center' | 'left' },
    ...place,
    axisLabel: {
      color: look.quiet,
      fontSize: look.size,
      hideOverlap: true,
      formatter: (value: number) => shown(value, Number.isInteger(value) ? 0 : Math.max(1, spec.decimals)),
    },
    splitLine: { lineStyle: { color: look.line } },
  };
}

/** The target as a dashed line across the drawing; its name stands in the key above, clear of the values. */
export function targetLine(spec: ChartSpec, look: Look, axis: Axis) {
  if (!spec.target) return undefined;
  return {
    silent: true,
    animation: false,
    symbol: 'none',
    lineStyle: { color: look.text, type: 'dashed' as const, width: 1.5 * look.unit },
    label: { show: false },
    data: [axis === 'x' ? { xAxis: spec.target.value } : { yAxis: spec.target.value }],
  };
}

const KEY_LINE = 26; // in look.unit

/** Drawn text does not inherit the font of the drawing. */
export function inkText(look: Look) {
  return { fill: look.text, fontSize: look.size, fontFamily: look.font, verticalAlign: 'middle' as const };
}

/** `- - Target 85%` above the drawing, at the right when a legend is on the left. */
function targetKey(look: Look, label: string, side: 'left' | 'right') {
  const middle = look.size * 0.7;
  const length = KEY_LINE * look.unit;
  return {
    type: 'group' as const,
    top: look.size * 0.5,
    [side]: 4,
    silent: true,
    children: [
      {
        type: 'line' as const,
        shape: { x1: 0, y1: middle, x2: length, y2: middle },
        style: { stroke: look.text, lineWidth: 1.5 * look.unit, lineDash: [5 * look.unit, 4 * look.unit] },
      },
      {
        type: 'text' as const,
        style: { ...inkText(look), x: length + look.size / 2, y: middle, text: label },
      },
    ],
  };
}

/** Roughly how wide a text is: Chinese characters are square, others about half as wide. */
export function textWidth(text: string, size: number): number {
  return Array.from(text).reduce((sum, letter) => sum + (letter > '\u2e7f' ? size : size * 0.58), 0);
}

/** Labels must not fall out of the drawing when the target lies beyond all values. */
export function upTo(spec: ChartSpec) {
  const target = spec.target?.value;
  return target === undefined ? undefined : ({ max }: { max: number }) => (target > max ? niceAbove(target) : null);
}

function niceAbove(value: number): number {
  const step = 10 ** Math.floor(Math.log10(Math.abs(value) || 1));
  return (Math.floor(value / step) + 1) * step;
}

/** Which kinds show their target as a line, and so need its key. */
const WITH_LINE: readonly string[] = ['bar', 'hbar', 'stacked', 'line', 'dotrange', 'scatter'];

/** The option around the series: text, legend, key, motion. `named` are the entries of the legend. */
export function around(
  spec: ChartSpec,
  look: Look,
  series: SeriesOption[],
  rest: EChartsOption,
  named: string[] = spec.series.length > 1 ? spec.series.map(({ name }) => name) : [],
): EChartsOption {
  const key = spec.target && WITH_LINE.includes(spec.kind) ? spec.target.label : '';
  const rows = (named.length || key ? 1 : 0) + (spec.y_label ? 1 : 0);
  return {
    animation: !look.still,
    animationDuration: 300,
    color: [...look.palette],
    textStyle: { fontFamily: look.font, fontSize: look.size, color: look.text },
    grid: { left: 8, right: look.size * 1.5, top: look.size * (1 + rows * 2), bottom: 8, containLabel: true },
    legend: {
      show: named.length > 0,
      data: named,
      top: 0,
      left: 0,
      right: key ? KEY_LINE * look.unit + textWidth(key, look.size) + look.size * 2 : 0,
      type: 'scroll',
      itemWidth: 20 * look.unit,
      itemHeight: 13 * look.unit,
      textStyle: { color: look.text, fontSize: look.size },
      pageTextStyle: { color: look.text },
    },
    ...(key ? { graphic: [targetKey(look, key, named.length ? 'right' : 'left')] } : {}),
    series,
    ...rest,
  };
}

const TIP_STYLE = { confine: true, borderWidth: 1, padding: 10 } as const;

/** A tooltip for the one mark under the pointer. */
export function itemTip(spec: ChartSpec, look: Look) {
  return {
    ...TIP_STYLE,
    ...tipColours(look),
    trigger: 'item' as const,
    formatter: (given: unknown) => {
      const { data, seriesName } = given as { data: Item; seriesName: string };
      return tip(data.name, linesOf(spec, spec.series.length > 1 ? seriesName : '', data.point));
    },
  };
}

/** A tooltip for all series at one label. */
export function axisTip(spec: ChartSpec, look: Look) {
  return {
    ...TIP_STYLE,
    ...tipColours(look),
    trigger: 'axis' as const,
    axisPointer: { type: 'shadow' as const, shadowStyle: { color: look.line, opacity: 0.4 } },
    formatter: (given: unknown) => {
      const index = (given as { dataIndex: number }[])[0]?.dataIndex ?? 0;
      const lines: Line[] = spec.series.flatMap(({ name, points }) => {
        const point = points[index];
        return point ? linesOf(spec, spec.series.length > 1 ? name : '', point) : [];
      });
      if (spec.target) {
        lines.push({ text: spec.target.label, value: '', quiet: true });
      }
      return tip(spec.series[0]?.points[index]?.label ?? '', lines);
    },
  };
}

function tipColours(look: Look) {
  return {
    backgroundColor: look.ground,
    borderColor: look.line,
    textStyle: { color: look.text, fontSize: look.size, fontFamily: look.font },
  };
}

export function cursorFor(points: readonly AnyPoint[]): string {
  return points.some(({ href }) => href) ? 'pointer' : 'default';
}
