import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';
import icons from '../src/icons.json' with { type: 'json' };

const require = createRequire(import.meta.url);
const FAVICON = new URL('../src/assets/favicon.svg', import.meta.url);
const ENTRY = 'icons.json';

/** One `<symbol>`; stroke, width and caps come from the `.icon` class, so that an icon takes the colour of its text. */
function symbol(name: string): string {
  const svg = readFileSync(require.resolve(`@tabler/icons/outline/${name}.svg`), 'utf8');
  const body = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1];
  if (body === undefined) throw new Error(`${name}.svg of @tabler/icons is not an SVG file`);
  return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, '')}</symbol>`;
}

/** Emits one sprite of the icons named in `src/icons.json`, and that list for the `{% icon %}` tag to check. */
export function iconSprite(): Plugin {
  return {
    name: 'xingtan:icons',
    apply: 'build',
    generateBundle() {
      const names = [...new Set(icons)].sort();
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join('')}</svg>`;
      const sprite = this.emitFile({ type: 'asset', name: 'icons.svg', source });
      const file = this.getFileName(sprite);
      this.emitFile({ type: 'asset', fileName: 'favicon.svg', source: readFileSync(FAVICON) });
      this.emitFile({ type: 'asset', fileName: ENTRY, source: JSON.stringify({ sprite: file, names }) });
    },
  };
}
