/** The same shape as `platform/ui/charts.py` gives; that file says what each field means. */
export type Kind = 'bar' | 'hbar' | 'line' | 'dotrange' | 'stacked' | 'scatter' | 'tilegrid' | 'points';
export type Direction = 'higher' | 'lower' | 'neutral';

interface Mark {
  label: string;
  reason: string;
  href: string;
  note: string;
}
export interface Point extends Mark {
  value: number | null;
}
export interface Range extends Mark {
  low: number | null;
  mean: number | null;
  high: number | null;
}
export interface XY extends Mark {
  x: number | null;
  y: number | null;
}
export interface Tile extends Point {
  row: number;
  column: number;
}
export interface Place extends Point {
  lat: number;
  lon: number;
}
export type AnyPoint = Point | Range | XY | Tile | Place;

export interface Series<P extends AnyPoint = AnyPoint> {
  name: string;
  points: P[];
}

export interface Target {
  value: number;
  label: string;
  direction: Direction;
}

export type ChartTexts = Record<
  | 'no_value'
  | 'lowest'
  | 'mean'
  | 'highest'
  | 'on_target'
  | 'off_target'
  | 'longitude'
  | 'latitude'
  | 'not_drawn'
  | 'shapes_missing'
  | 'failed',
  string
>;

interface Common {
  title: string;
  unit: string;
  decimals: number;
  x_label: string;
  y_label: string;
  label_heading: string;
  target: Target | null;
  note: string;
  excel_url: string;
  geo_url: string;
  texts: ChartTexts;
}
interface Of<K extends Kind, P extends AnyPoint> extends Common {
  kind: K;
  series: Series<P>[];
}
export type BarSpec = Of<'bar' | 'hbar' | 'stacked', Point>;
export type LineSpec = Of<'line', Point>;
export type RangeSpec = Of<'dotrange', Range>;
export type ScatterSpec = Of<'scatter', XY>;
export type TileSpec = Of<'tilegrid', Tile>;
export type PlaceSpec = Of<'points', Place>;
export type ChartSpec = BarSpec | LineSpec | RangeSpec | ScatterSpec | TileSpec | PlaceSpec;

/** Whether a value is on target, compared before rounding; null when nothing is judged. */
export function meets(target: Target | null, value: number | null): boolean | null {
  if (!target || value === null || target.direction === 'neutral') return null;
  return target.direction === 'higher' ? value >= target.value : value <= target.value;
}

/** From here on a double holds no decimals, and its text has an exponent soon. */
const HUGE = 1e15;

/** A number as people read it, rounded half away from zero on its decimal digits, as the table beside it is. */
export function shown(value: number, decimals: number): string {
  if (Math.abs(value) >= HUGE) return value.toLocaleString('en-US', { minimumFractionDigits: decimals });
  const [whole = '0', fraction = ''] = roundDecimal(value, decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction ? `${grouped}.${fraction}` : grouped;
}

export function withUnit(text: string, unit: string): string {
  if (!unit) return text;
  return unit === '%' ? `${text}%` : `${text} ${unit}`;
}

function roundDecimal(value: number, decimals: number): string {
  // The exponent moves the decimal point on the printed digits: 1.005 stays 1.005, not 1.00499…
  const [digits = '0', exponent = '0'] = String(Math.abs(value)).split('e');
  const scaled = Math.round(Number(`${digits}e${Number(exponent) + decimals}`));
  const text = Number(`${scaled}e${-decimals}`).toFixed(decimals);
  return value < 0 && scaled !== 0 ? `-${text}` : text;
}
