import type { CustomSeriesOption, EChartsOption, ScatterSeriesOption } from 'echarts';
import { around, categoryAxis, cursorFor, inkText, itemTip, targetLine, upTo, valueAxis } from './common';
import type { Look } from './look';
import type { Range, RangeSpec } from './spec';
import { valueText } from './tooltip';

/** Worst to best in one row each, with the mean between: three shapes, so that no colour is needed. */
export function rangeOption(spec: RangeSpec, look: Look, width: number): EChartsOption {
  const points = spec.series[0]?.points ?? [];
  const colour = look.palette[0] ?? look.text;
  const known = (point: Range) => point.low !== null && point.high !== null && point.mean !== null;
  const span: CustomSeriesOption = {
    type: 'custom',
    silent: true,
    z: 1,
    encode: { x: [0, 1], y: 2 },
    data: points.flatMap((point, row) => (known(point) ? [[point.low, point.high, row] as number[]] : [])),
    renderItem: (_params, api) => {
      const [x1 = 0, y = 0] = api.coord([api.value(0), api.value(2)]);
      const [x2 = 0] = api.coord([api.value(1), api.value(2)]);
      return { type: 'line', shape: { x1, y1: y, x2, y2: y }, style: { stroke: colour, lineWidth: 4 * look.unit, opacity: 0.45 } };
    },
  };
  const dots = (name: string, pick: (point: Range) => number | null, symbol: string, size: number, solid: boolean) =>
    ({
      type: 'scatter',
      name,
      symbol,
      symbolSize: size * look.unit,
      z: 2,
      cursor: cursorFor(points),
      itemStyle: { color: solid ? colour : look.ground, borderColor: colour, borderWidth: 2 * look.unit },
      data: points.flatMap((point, row) => {
        const value = pick(point);
        return value === null ? [] : [{ name: point.label, point, value: [value, row] }];
      }),
    }) as unknown as ScatterSeriesOption;
  const mark = targetLine(spec, look, 'x');
  const mean = dots(spec.texts.mean, (point) => point.mean, 'diamond', 15, true);
  const series = [
    span,
    dots(spec.texts.lowest, (point) => point.low, 'circle', 10, false),
    { ...mean, ...(mark ? { markLine: mark } : {}) },
    dots(spec.texts.highest, (point) => point.high, 'rect', 10, true),
    reasons(spec, look, points),
  ];
  const labels = points.map(({ label }) => label);
  const rest = {
    tooltip: itemTip(spec, look),
    xAxis: { ...valueAxis(spec, look, 'x', spec.x_label), scale: true, max: upTo(spec) },
    yAxis: { ...categoryAxis(look, labels, Math.min(160, width * 0.32), 'truncate'), inverse: true },
  } as EChartsOption;
  return around(spec, look, series as never, rest, [spec.texts.lowest, spec.texts.mean, spec.texts.highest]);
}

/** For rows without values, the reason stands at the left edge of the drawing. */
function reasons(spec: RangeSpec, look: Look, points: Range[]): CustomSeriesOption {
  const rows = points.flatMap((point, row) => (point.mean === null ? [row] : []));
  return {
    type: 'custom',
    silent: true,
    encode: { y: 0 },
    data: rows.map((row) => [row]),
    renderItem: (params, api) => {
      const row = Number(api.value(0));
      const area = params.coordSys as unknown as { x: number };
      const [, y = 0] = api.coord([0, row]);
      const text = valueText(spec, null, points[row]?.reason ?? '');
      const style = { ...inkText(look), x: area.x + 8, y, text, fill: look.quiet };
      return { type: 'text', style };
    },
  };
}
