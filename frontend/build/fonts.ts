import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);
const FONTS = {
  'NotoSansSC-Regular.ttf': '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  'NotoSansSC-Bold.ttf': '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf',
};

/** Puts the Chinese fonts beside the bundle for PDF and pictures. Pages use the fonts of the device instead. */
export function copyFonts(): Plugin {
  let out = '';
  return {
    name: 'xingtan:fonts',
    apply: 'build',
    configResolved(config) {
      out = resolve(config.root, config.build.outDir, 'fonts');
    },
    closeBundle() {
      mkdirSync(out, { recursive: true });
      for (const [name, source] of Object.entries(FONTS)) copyFileSync(require.resolve(source), resolve(out, name));
    },
  };
}
