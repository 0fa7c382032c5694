import type { EChartsOption, LineSeriesOption } from 'echarts';
import { SYMBOLS, around, axisTip, categoryAxis, cursorFor, targetLine, upTo, valueAxis } from './common';
import type { Look } from './look';
import { shown, type LineSpec } from './spec';

/** Lines over time; they break where a value is missing. Each series has its own symbol and dash. */
export function lineOption(spec: LineSpec, look: Look, width: number): EChartsOption {
  const labels = (spec.series[0]?.points ?? []).map(({ label }) => label);
  const dashes = ['solid', 'dashed', 'dotted'] as const;
  const series = spec.series.map(({ name, points }, index): LineSeriesOption => {
    const mark = index === 0 ? targetLine(spec, look, 'y') : undefined;
    return {
      type: 'line',
      name,
      connectNulls: false,
      symbol: SYMBOLS[index % SYMBOLS.length] ?? 'circle',
      symbolSize: 8 * look.unit,
      showAllSymbol: true,
      cursor: cursorFor(points),
      lineStyle: { width: 2.5 * look.unit, type: dashes[index % dashes.length] ?? 'solid' },
      endLabel: {
        show: true,
        color: look.text,
        fontSize: look.size,
        formatter: ({ value }) => (typeof value === 'number' ? shown(value, spec.decimals) : ''),
      },
      data: points.map((point) => ({ name: point.label, point, value: point.value }) as never),
      ...(mark ? { markLine: mark } : {}),
    };
  });
  const option = around(spec, look, series, {
    tooltip: axisTip(spec, look),
    xAxis: { ...categoryAxis(look, labels, width / Math.max(1, labels.length), 'break'), boundaryGap: false },
    yAxis: { ...valueAxis(spec, look, 'y', spec.y_label), scale: true, max: upTo(spec) },
  } as EChartsOption);
  // Room for the last value, which stands beside the end of its line.
  return { ...option, grid: { ...(option.grid as object), right: look.size * 4 } };
}
