import { describe, expect, it } from 'vitest';
import { liesDown } from './bars';
import { textWidth, type Item } from './common';
import { colourAt, inkOn, type Look } from './look';
import { notDrawn, rowsOf, toOption } from './options';
import samples from './samples.json';
import { fileName, picture } from './save';
import { meets, shown, withUnit, type BarSpec, type ChartSpec, type ChartTexts, type Kind } from './spec';
import { linesOf } from './tooltip';

const LOOK: Look = {
  text: '#000000', quiet: '#666666', line: '#dddddd', ground: '#ffffff', font: "system-ui, 'Noto Sans SC'", size: 13, unit: 1,
  still: true, palette: ['#d06a1c', '#0b63a5', '#1a8a72'], scale: ['#e6eff7', '#0a3f73'],
};
const TEXTS = {
  no_value: 'no value', lowest: 'low', mean: 'mean', highest: 'high', on_target: 'on', off_target: 'off',
  longitude: 'lon', latitude: 'lat', not_drawn: '{n}', shapes_missing: 'shapes', failed: 'failed',
} satisfies ChartTexts;

function sample<S extends ChartSpec>(kind: Kind): S {
  const found = samples.find((spec) => spec.kind === kind);
  if (!found) throw new Error(`samples.json has no ${kind}`);
  return { ...found, texts: TEXTS } as unknown as S;
}
const seriesOf = (spec: ChartSpec, width = 900, map: string | null = null) =>
  toOption(spec, LOOK, width, map).series as unknown as { type: string; data: (Item & { value: unknown })[] }[];

describe('bars', () => {
  it('writes the reason where a value is missing, and never draws it as a bar', () => {
    const item = seriesOf(sample('bar'))[0]?.data[3] as unknown as { value: number; label: { formatter: string } };
    expect(item.value).toBe(0);
    expect(item.label.formatter).toBe('未填报');
  });
  it('hatches what misses the target, compared before rounding', () => {
    const spec = sample<BarSpec>('bar');
    const points = [84.96, 85].map((value) => ({ label: String(value), value, reason: '', href: '', note: '' }));
    const styles = seriesOf({ ...spec, decimals: 1, series: [{ name: '', points }] })[0]?.data.map((item) => 'itemStyle' in item);
    expect(styles).toEqual([true, false]); // both are shown as 85.0
  });
  it('lies down when the labels have no room, with the values in a column of their own', () => {
    expect(liesDown(sample('bar'), 900)).toBe(false);
    expect(liesDown(sample('bar'), 300)).toBe(true);
    const axes = toOption(sample('bar'), LOOK, 300).yAxis as { data: string[] }[];
    expect(axes[1]?.data.slice(2, 5)).toEqual(['99.1', '—', '79.5']);
    expect(rowsOf(sample('bar'), 300)).toBe(8);
    expect(rowsOf(sample('bar'), 900)).toBeNull();
  });
  it('leaves no trace of a missing part in a stack', () => {
    const spec = sample<BarSpec>('stacked');
    const points = [{ label: 'a', value: null, reason: 'unknown', href: '', note: '' }];
    expect(seriesOf({ ...spec, series: [{ name: 'x', points }] })[0]?.data[0]?.value).toBeNull();
  });
});

describe('other kinds', () => {
  it('breaks a line at a missing value', () => {
    const [, second] = seriesOf(sample('line')) as unknown as { connectNulls: boolean; data: { value: number | null }[] }[];
    expect(second?.connectNulls).toBe(false);
    expect(second?.data[2]?.value).toBeNull();
  });
  it('draws the span and three dots of a range', () => {
    const [span, low, mean, high] = seriesOf(sample('dotrange'));
    expect(span?.data[0]).toEqual([1420, 4100, 0]);
    expect([low, mean, high].map((series) => series?.data[0]?.value)).toEqual([[1420, 0], [2610, 0], [4100, 0]]);
  });
  it('counts what a scatter cannot place', () => {
    const spec = sample<Extract<ChartSpec, { kind: 'scatter' }>>('scatter');
    const points = [
      { label: 'a', x: 1, y: null, reason: 'unknown', href: '', note: '' },
      { label: 'b', x: 1, y: 2, reason: '', href: '', note: '' },
    ];
    const partial = { ...spec, series: [{ name: '', points }] };
    expect(notDrawn(partial)).toBe(1);
    expect(seriesOf(partial)[0]?.data).toHaveLength(1);
  });
  it('lies on shapes when there are some, else on plain axes', () => {
    const spec = sample('points');
    expect(toOption(spec, LOOK, 900, 'city')).toHaveProperty('geo.map', 'city');
    expect(toOption(spec, LOOK, 900)).toHaveProperty('xAxis.type', 'value');
    const unknown = seriesOf(spec)[0]?.data.find((item) => item.point.reason) as unknown as { symbol: string };
    expect(unknown.symbol).toBe('emptyCircle');
  });
  it('keeps the link of every point of every kind', () => {
    for (const spec of samples) {
      const links = spec.series.flatMap(({ points }) => (points as { href: string }[]).map(({ href }) => href));
      const drawn = seriesOf(sample(spec.kind as Kind)).flatMap(({ data }) => data.map((item) => item.point?.href ?? ''));
      for (const href of links.filter(Boolean)) expect(drawn, spec.kind).toContain(href);
    }
  });
});

describe('text', () => {
  it('rounds as people do, on the decimal digits', () => {
    expect([shown(0.285, 2), shown(1.005, 2), shown(-0.5, 0), shown(1234567.25, 1), shown(-0.04, 1), shown(1e21, 0)]).toEqual(
      ['0.29', '1.01', '-1', '1,234,567.3', '0.0', '1,000,000,000,000,000,000,000'],
    );
    expect([withUnit('5', '%'), withUnit('5', '人'), withUnit('5', '')]).toEqual(['5%', '5 人', '5']);
  });
  it('never calls an unknown value a pass', () => {
    const target = { value: 10, label: '', direction: 'lower' as const };
    expect([meets(target, 10), meets(target, 10.01), meets(target, null), meets(null, 1)]).toEqual([true, false, null, null]);
  });
  it('says why there is no value', () => {
    const spec = sample<BarSpec>('bar');
    const point = spec.series[0]?.points[3];
    expect(point && linesOf(spec, '', point)).toEqual([{ text: '', value: '未填报', quiet: true }]);
  });
  it('counts Chinese characters as square', () => expect(textWidth('目标85', 10)).toBeCloseTo(31.6));
});

describe('colours and pictures', () => {
  it('mixes between its neighbours and keeps text readable on it', () => {
    expect(colourAt(['#000000', '#ffffff'], 0.5)).toBe('#808080');
    expect(colourAt(['#000000', '#ffffff'], 7)).toBe('#ffffff');
    expect([inkOn('#e6eff7'), inkOn('#0a3f73')]).toEqual(['#000000', '#ffffff']);
  });
  it('escapes titles in pictures and in file names', () => {
    const spec = { ...sample('bar'), title: 'a<b> "c"/d', unit: '' } as ChartSpec;
    expect(picture(spec, LOOK, '<svg/>', 100, 50).svg).toContain('a&lt;b&gt; &quot;c&quot;/d');
    expect(fileName(spec.title, 'png')).toBe('a b c d.png');
  });
});
