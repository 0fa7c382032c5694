import type { BarSeriesOption, EChartsOption } from 'echarts';
import { around, axisTip, categoryAxis, cursorFor, hatch, pattern, targetLine, upTo, valueAxis } from './common';
import type { Look } from './look';
import { meets, shown, type BarSpec, type Point } from './spec';
import { valueText } from './tooltip';

/** Below this many pixels for each label, columns are drawn as rows. */
const NARROW = 52; // in look.unit
const MOST_VALUE_LABELS = 14;

/** Columns lie down when their labels would not fit side by side, as on a phone. */
export function liesDown(spec: BarSpec, width: number, unit = 1): boolean {
  const labels = spec.series[0]?.points.length ?? 0;
  return spec.kind === 'hbar' || width / Math.max(1, labels) < NARROW * unit;
}

/** Bars from zero, beside each other or stacked. What misses the target is hatched; what is unknown says why. */
export function barOption(spec: BarSpec, look: Look, width: number): EChartsOption {
  const labels = (spec.series[0]?.points ?? []).map(({ label }) => label);
  const lying = liesDown(spec, width, look.unit);
  const stacked = spec.kind === 'stacked';
  const column = lying && !stacked && spec.series.length === 1;
  const withValues = !stacked && !column && labels.length * spec.series.length <= MOST_VALUE_LABELS * (lying ? 4 : 1);
  const series = spec.series.map(({ name, points }, index): BarSeriesOption => {
    const colour = look.palette[index % look.palette.length] ?? look.text;
    const mark = index === 0 ? targetLine(spec, look, lying ? 'x' : 'y') : undefined;
    return {
      type: 'bar',
      name,
      barMaxWidth: 44 * look.unit,
      barCategoryGap: '35%',
      cursor: cursorFor(points),
      ...(stacked ? { stack: 'all' } : {}),
      itemStyle: { color: colour, ...(stacked ? { decal: pattern(index, look.ground, look.unit) } : {}), borderRadius: stacked ? 0 : 2 },
      label: {
        show: withValues,
        position: lying ? 'right' : 'top',
        color: look.text,
        fontSize: look.size,
        textBorderColor: look.ground,
        textBorderWidth: 3,
        formatter: ({ value }) => shown(Number(value), spec.decimals),
      },
      emphasis: { focus: stacked ? 'series' : 'none' },
      data: points.map((point) => barItem(spec, look, point, { stacked, lying })),
      ...(mark ? { markLine: mark } : {}),
    } as BarSeriesOption;
  });
  const room = lying ? Math.min(160, width * 0.32) : (width / Math.max(1, labels.length)) * 0.9;
  const names = categoryAxis(look, labels, room, lying ? 'truncate' : 'break');
  const values = { ...valueAxis(spec, look, lying ? 'x' : 'y', spec.y_label), max: upTo(spec) };
  return around(spec, look, series, {
    tooltip: axisTip(spec, look),
    xAxis: lying ? values : names,
    yAxis: lying ? [{ ...names, inverse: true }, ...(column ? [valueColumn(spec, look)] : [])] : values,
  } as EChartsOption);
}

/** The values of a single row of bars, in a column of their own at the right: no bar and no line crosses them. */
function valueColumn(spec: BarSpec, look: Look) {
  const texts = (spec.series[0]?.points ?? []).map(({ value }) => (value === null ? '—' : shown(value, spec.decimals)));
  const plain = { axisLine: { show: false }, splitLine: { show: false } };
  return { ...categoryAxis(look, texts, 90, 'truncate'), ...plain, position: 'right', inverse: true };
}

/** An unknown value keeps its place, and the reason stands where the bar would be. */
function barItem(spec: BarSpec, look: Look, point: Point, { stacked, lying }: { stacked: boolean; lying: boolean }) {
  const base = { name: point.label, point };
  if (point.value === null) {
    const position = lying ? 'right' : 'top';
    return {
      ...base,
      value: stacked ? null : 0,
      label: { show: !stacked, position, formatter: valueText(spec, null, point.reason), color: look.quiet },
    };
  }
  if (meets(spec.target, point.value) !== false) return { ...base, value: point.value };
  return {
    ...base,
    value: point.value,
    itemStyle: { decal: hatch(look.ground, look.unit), borderColor: look.text, borderWidth: look.unit },
    // Below the target's line, not on it.
    ...(!lying && spec.target?.direction === 'higher' ? { label: { position: 'insideTop', backgroundColor: look.ground, padding: [1, 3], borderRadius: 2 } } : {}),
  };
}
