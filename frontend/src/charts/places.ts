import type { EChartsOption, ScatterSeriesOption } from 'echarts';
import { around, cursorFor, itemTip, valueAxis } from './common';
import { colourAt, type Look } from './look';
import { meets, type PlaceSpec } from './spec';
import { extent, scaleLegend, share } from './scale';

/** Schools where they lie, over the shapes of the counties when `map` names a registered one, else over plain axes. */
export function placeOption(spec: PlaceSpec, look: Look, map: string | null): EChartsOption {
  const all = spec.series.flatMap(({ points }) => points);
  const [low, high] = extent(all.map(({ value }) => value));
  const series = spec.series.map(
    ({ name, points }) =>
      ({
        type: 'scatter',
        name,
        coordinateSystem: map ? 'geo' : 'cartesian2d',
        symbolSize: 11 * look.unit,
        cursor: cursorFor(points),
        data: points.map((point) => ({
          name: point.label,
          point,
          value: [point.lon, point.lat],
          ...mark(look, share(point.value, low, high), meets(spec.target, point.value) === false),
        })),
      }) as unknown as ScatterSeriesOption,
  );
  const middle = all.reduce((sum, { lat }) => sum + lat, 0) / Math.max(1, all.length);
  // A degree of longitude is shorter than one of latitude by the cosine of the latitude.
  const squeeze = Math.cos((middle * Math.PI) / 180);
  const ground = map
    ? {
        geo: {
          map,
          aspectScale: squeeze,
          silent: true,
          left: 8,
          right: 8,
          top: 8,
          bottom: look.size * 3,
          itemStyle: { areaColor: look.ground, borderColor: look.quiet },
          label: { show: true, color: look.quiet, fontSize: look.size },
        },
      }
    : {
        xAxis: { ...valueAxis({ ...spec, decimals: 2 }, look, 'x', spec.texts.longitude), scale: true },
        yAxis: { ...valueAxis({ ...spec, decimals: 2 }, look, 'y', spec.texts.latitude), scale: true },
      };
  const option = around(spec, look, series, {
    tooltip: itemTip(spec, look),
    graphic: scaleLegend(spec, look, low, high),
    ...ground,
  } as EChartsOption);
  const top = look.size * (spec.series.length > 1 ? 5 : 3);
  return map ? option : { ...option, grid: { ...(option.grid as object), bottom: look.size * 5, top } };
}

/** Coloured by its value; hollow where that is unknown, and a triangle where it misses the target. */
function mark(look: Look, at: number | null, missed: boolean) {
  if (at === null) return { symbol: 'emptyCircle', itemStyle: { color: look.quiet, borderType: 'dashed' } };
  const style = { color: colourAt(look.scale, at), borderColor: look.text, borderWidth: look.unit };
  return { ...(missed ? { symbol: 'triangle', symbolRotate: 180 } : {}), itemStyle: style };
}
