import postcss from 'postcss';
import { describe, expect, it } from 'vitest';
import { fallback, lowerColorMix } from './lower-color-mix';

const names = new Map([
  ['--primary', '#ad520c'],
  ['--surface', 'light-dark(#ffffff, #000000)'],
  ['--tint', 'color-mix(in srgb, var(--primary) 50%, var(--surface))'],
]);

describe('fallback', () => {
  it('computes a mix of resolved colours', () => {
    expect(fallback('color-mix(in srgb, #000000 50%, #ffffff)', names)).toBe('gray');
    expect(fallback('1px solid color-mix(in srgb, var(--primary) 100%, transparent)', names)).toBe('1px solid #ad520c');
  });
  it('follows properties, light values and opacity factors', () => {
    expect(fallback('var(--tint)', names)).toBe('#d6a986');
    expect(fallback('color-mix(in oklab, var(--primary) calc(var(--bg-opacity, 1) * 100%), transparent)', names)).toBe('#ad520c');
  });
  it('gives nothing when a part is known to the page only', () => {
    expect(fallback('color-mix(in srgb, var(--unknown) 20%, #fff)', names)).toBeNull();
    expect(fallback('color-mix(in srgb, currentColor 20%, #fff)', names)).toBeNull();
  });
});

it('gives old browsers the fallbacks of a rule behind it, and leaves animations alone', async () => {
  const mix = 'color-mix(in srgb,var(--p) 50%,#fff)';
  const css = `:root{--p:#000000}a{color:${mix};--c:${mix}}@keyframes k{from{color:${mix}}}`;
  const { css: made } = await postcss([lowerColorMix()]).process(css, { from: undefined });
  expect(made.match(/@supports/g)).toHaveLength(1);
  expect(made.replace(/\s+/g, '')).toContain(`--c:${mix}}@supportsnot(color:color-mix(insrgb,red,red)){a{color:gray;--c:gray}}`.replace(/\s+/g, ''));
});
