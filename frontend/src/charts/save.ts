/** The drawing as a file, with its title and note, so that it can stand in a report. */
import type { Look } from './look';
import type { ChartSpec } from './spec';

const PAD = 16;
/** Pixels of the picture for each pixel of the page, for sharp print. */
const DENSITY = 2;

export interface Picture {
  svg: string;
  width: number;
  height: number;
}

/** Wraps the drawing in a picture of its own, with ground, title and note. */
export function picture(spec: ChartSpec, look: Look, drawing: string, width: number, height: number): Picture {
  const head = look.size * 2.4;
  const foot = spec.note ? look.size * 2 : 0;
  const [w, h] = [width + 2 * PAD, height + head + foot + 2 * PAD];
  const text = (content: string, y: number, size: number, weight: number, colour: string) =>
    `<text x="${PAD}" y="${y}" font-family="${escape(look.font)}" font-size="${size}" font-weight="${weight}" fill="${colour}">${escape(content)}</text>`;
  const title = spec.unit ? `${spec.title} (${spec.unit})` : spec.title;
  return {
    width: w,
    height: h,
    svg:
      `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}">` +
      `<rect width="${w}" height="${h}" fill="${look.ground}"/>` +
      text(title, PAD + look.size * 1.2, look.size * 1.3, 600, look.text) +
      `<g transform="translate(${PAD} ${PAD + head})">${drawing}</g>` +
      (spec.note ? text(spec.note, h - PAD, look.size, 400, look.quiet) : '') +
      '</svg>',
  };
}

export async function toPng({ svg, width, height }: Picture): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => reject(new Error('The browser could not read the drawing.'));
      image.src = url;
    });
    const canvas = document.createElement('canvas');
    canvas.width = width * DENSITY;
    canvas.height = height * DENSITY;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('The browser has no canvas.');
    context.scale(DENSITY, DENSITY);
    context.drawImage(image, 0, 0, width, height);
    return await new Promise<Blob>((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large.'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

export function offer(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A title as a file name: what file systems refuse becomes a space. */
export function fileName(title: string, kind: string): string {
  return `${title.replace(/[\\/:*?"<>|\s]+/g, ' ').trim().slice(0, 80) || 'chart'}.${kind}`;
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
