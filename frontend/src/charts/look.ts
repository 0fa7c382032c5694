/**
 * How a drawing looks on this page now: colours, text size, motion. Read from the style sheet, so that 大字, high
 * contrast and dark walls need no code of their own.
 */
export interface Look {
  text: string;
  quiet: string;
  line: string;
  ground: string;
  font: string;
  /** Pixels; never below 12. */
  size: number;
  /** Pixels of the drawing for one of a usual page: lines and marks grow with the text, on a 4K wall above all. */
  unit: number;
  still: boolean;
  palette: readonly string[];
  /** From low to high. */
  scale: readonly string[];
}

// Told apart by people with any common colour vision, each 3 : 1 on its ground; shapes and hatching differ as well.
const ON_LIGHT = ['#d06a1c', '#0b63a5', '#1a8a72', '#8b4f9f', '#8a6d00', '#5b5b5b'];
const ON_DARK = ['#f0a263', '#6bb3ea', '#5fcbb0', '#cf9be0', '#e0c34f', '#c4c4c4'];
const SCALE_LIGHT = ['#e6eff7', '#9cc4e2', '#3f86bf', '#0a3f73'];
const SCALE_DARK = ['#1d3347', '#2e628f', '#5fa6dc', '#d3ebff'];
const SMALLEST = 12;
const USUAL = 13;

export function readLook(element: Element): Look {
  const style = getComputedStyle(element);
  const value = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback;
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const dark = element.closest('[data-bs-theme]')?.getAttribute('data-bs-theme') === 'dark';
  const size = Math.max(SMALLEST, Math.round(root * 0.8125));
  return {
    text: style.color,
    quiet: value('--xt-quiet', style.color),
    line: value('--xt-grid', '#cccccc'),
    ground: dark ? '#2d2925' : '#ffffff',
    font: style.fontFamily,
    size,
    unit: size / USUAL,
    still: typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches,
    palette: dark ? ON_DARK : ON_LIGHT,
    scale: dark ? SCALE_DARK : SCALE_LIGHT,
  };
}

/** Black or white, whichever reads better on a colour `#rrggbb` (WCAG relative luminance). */
export function inkOn(colour: string): string {
  const [r, g, b] = channels(colour).map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000000' : '#ffffff';
}

/** The colour at a share 0…1 of a scale, mixed between its neighbours. */
export function colourAt(scale: readonly string[], share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (scale.length - 1);
  const low = Math.floor(place);
  const from = channels(scale[low] ?? '#000000');
  const to = channels(scale[Math.min(low + 1, scale.length - 1)] ?? '#000000');
  const mixed = from.map((part, i) => Math.round(part + ((to[i] ?? part) - part) * (place - low)));
  return `#${mixed.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
}
