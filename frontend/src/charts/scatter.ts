import type { EChartsOption, ScatterSeriesOption } from 'echarts';
import { SYMBOLS, around, cursorFor, itemTip, targetLine, valueAxis } from './common';
import type { Look } from './look';
import type { ScatterSpec } from './spec';

/** Two values of each thing. Points that lack one cannot be placed; the page says how many, the table names them. */
export function scatterOption(spec: ScatterSpec, look: Look): EChartsOption {
  const series = spec.series.map(({ name, points }, index) => {
    const mark = index === 0 ? targetLine(spec, look, 'y') : undefined;
    return {
      type: 'scatter',
      name,
      symbol: SYMBOLS[index % SYMBOLS.length],
      symbolSize: 11 * look.unit,
      cursor: cursorFor(points),
      itemStyle: { opacity: 0.8, borderColor: look.ground, borderWidth: 1 },
      data: points.flatMap((point) =>
        point.x === null || point.y === null ? [] : [{ name: point.label, point, value: [point.x, point.y] }],
      ),
      ...(mark ? { markLine: mark } : {}),
    } as unknown as ScatterSeriesOption;
  });
  const option = around(spec, look, series, {
    tooltip: itemTip(spec, look),
    xAxis: { ...valueAxis(spec, look, 'x', spec.x_label), scale: true },
    yAxis: { ...valueAxis(spec, look, 'y', spec.y_label), scale: true },
  } as EChartsOption);
  return { ...option, grid: { ...(option.grid as object), bottom: look.size * 2 } };
}
