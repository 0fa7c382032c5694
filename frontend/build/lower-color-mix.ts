import type { Plugin } from 'postcss';
export function lowerColorMix(): Plugin { return { postcssPlugin: 'x' }; }
