import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { copyFonts } from './build/fonts.ts';
import { iconSprite } from './build/icons.ts';
import { lowerColorMix } from './build/lower-color-mix.ts';

const here = import.meta.dirname;
const islands = resolve(here, 'src/islands');
// School computers: 360 browser and WeChat on Chromium 86 and later, iPads on Safari 13.
const oldest = ['chrome80', 'safari13'];

/** `main` for every page, and one entry per folder of `src/islands` (a few real editors). */
function entries(): Record<string, string> {
  const names = existsSync(islands) ? readdirSync(islands) : [];
  return {
    main: resolve(here, 'src/main.ts'),
    ...Object.fromEntries(names.map((name) => [name, resolve(islands, name, 'main.ts')])),
  };
}

export default defineConfig({
  // Relative, so that the site may live under any path and any STATIC_URL.
  base: './',
  publicDir: false,
  plugins: [iconSprite(), copyFonts()],
  css: {
    postcss: { plugins: [lowerColorMix()] },
    preprocessorOptions: { scss: { quietDeps: true } },
  },
  build: {
    outDir: resolve(here, '../src/xingtan/platform/ui/static/dist'),
    emptyOutDir: true,
    manifest: true,
    target: oldest,
    cssTarget: oldest,
    cssMinify: 'lightningcss',
    // No data: URLs for scripts or styles, and no inlined pictures: the policy allows files of this site only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: entries(),
      // htmx holds an eval that our htmx-config (allowEval: false) and the content security policy both keep shut.
      checks: { eval: false, pluginTimings: false },
    },
  },
  test: { include: ['src/**/*.test.ts', 'build/**/*.test.ts'] },
});
