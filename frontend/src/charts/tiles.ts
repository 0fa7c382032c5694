import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { around, cursorFor, itemTip } from './common';
import { colourAt, inkOn, type Look } from './look';
import { extent, scaleLegend, share } from './scale';
import { meets, shown, type TileSpec } from './spec';

/** Counties as squares where they roughly lie: readable for every county, whatever its size on a map. */
export function tileOption(spec: TileSpec, look: Look): EChartsOption {
  const points = spec.series[0]?.points ?? [];
  const [low, high] = extent(points.map(({ value }) => value));
  const rows = Math.max(...points.map(({ row }) => row)) + 1;
  const columns = Math.max(...points.map(({ column }) => column)) + 1;
  const series = {
    type: 'custom',
    cursor: cursorFor(points),
    data: points.map((point) => ({ name: point.label, point, value: [point.column + 0.5, point.row + 0.5] })),
    renderItem: (params) => {
      const point = points[params.dataIndex];
      const area = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
      if (!point) return { type: 'group', children: [] };
      const side = Math.min(area.width / columns, area.height / rows, 150 * look.unit);
      const [left, top] = [area.x + (area.width - side * columns) / 2, area.y + (area.height - side * rows) / 2];
      const x = left + point.column * side;
      const y = top + point.row * side;
      return tile(spec, look, point, { x, y, side: side - 4 }, share(point.value, low, high));
    },
  } as CustomSeriesOption;
  return around(spec, look, [series], {
    tooltip: itemTip(spec, look),
    grid: { left: 4, right: 4, top: 4, bottom: look.size * 3 },
    xAxis: { show: false, min: 0, max: columns },
    yAxis: { show: false, min: 0, max: rows, inverse: true },
    graphic: scaleLegend(spec, look, low, high),
  } as EChartsOption);
}

interface Box {
  x: number;
  y: number;
  side: number;
}

function tile(spec: TileSpec, look: Look, point: TileSpec['series'][0]['points'][0], box: Box, at: number | null) {
  const colour = at === null ? look.ground : colourAt(look.scale, at);
  const missed = meets(spec.target, point.value) === false;
  const size = Math.max(12, Math.min(look.size * 1.1, box.side / 4.2));
  const value = point.value === null ? point.reason : `${shown(point.value, spec.decimals)}${missed ? ' ▼' : ''}`;
  const ink = at === null ? look.quiet : inkOn(colour);
  const text = (content: string, dy: number, weight: number) => ({
    type: 'text' as const,
    silent: true,
    style: {
      x: box.x + box.side / 2,
      y: box.y + box.side / 2 + dy,
      text: content,
      fill: ink,
      fontSize: size,
      fontWeight: weight,
      fontFamily: look.font,
      align: 'center' as const,
      verticalAlign: 'middle' as const,
      width: box.side - 6,
      overflow: 'truncate' as const,
    },
  });
  return {
    type: 'group' as const,
    children: [
      {
        type: 'rect' as const,
        shape: { x: box.x, y: box.y, width: box.side, height: box.side, r: 4 },
        style: {
          fill: colour,
          stroke: missed || at === null ? look.text : look.line,
          lineWidth: (missed ? 2.5 : 1) * look.unit,
          lineDash: at === null ? [4, 3] : undefined,
        },
      },
      text(point.label, -size * 0.7, 600),
      text(value, size * 0.75, 400),
    ],
  };
}
