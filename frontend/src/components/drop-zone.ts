import { pageTexts } from '../shell/texts';

/** File fields that also take a dropped file; the field itself stays usable by keyboard and without scripts. */
export function enhanceDropZones(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>('[data-xt-drop]:not([data-xt-ready])').forEach((zone) => {
    const input = zone.querySelector<HTMLInputElement>('input[type=file]');
    if (!input) return;
    zone.dataset.xtReady = '';
    zone.addEventListener('dragover', (event) => {
      event.preventDefault();
      zone.classList.add('xt-drop-over');
    });
    zone.addEventListener('dragleave', (event) => {
      if (!zone.contains(event.relatedTarget as Node | null)) zone.classList.remove('xt-drop-over');
    });
    zone.addEventListener('drop', (event) => {
      event.preventDefault();
      zone.classList.remove('xt-drop-over');
      take(zone, input, event.dataTransfer);
    });
    input.addEventListener('change', () => describe(zone, input.files));
  });
}

function take(zone: HTMLElement, input: HTMLInputElement, dropped: DataTransfer | null): void {
  const files = dropped?.files;
  if (!files?.length) return;
  const texts = pageTexts();
  const refused = Array.from(files).find((file) => !accepts(input.accept, file.name, file.type));
  if (refused) return say(zone, `${texts.file_type} ${refused.name}`, true);
  if (files.length > 1 && !input.multiple) return say(zone, texts.file_one, true);
  input.files = files;
  // Assigning files does not tell anybody; forms that react to a choice listen for this.
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

function describe(zone: HTMLElement, files: FileList | null): void {
  const names = Array.from(files ?? []).map((file) => `${file.name} (${size(file.size)})`);
  say(zone, names.join(', ') || pageTexts().file_none, false);
}

function say(zone: HTMLElement, text: string, problem: boolean): void {
  const line = zone.querySelector<HTMLElement>('.xt-drop-chosen');
  if (line) line.textContent = text;
  line?.classList.toggle('xt-drop-problem', problem);
}

/** Whether a file suits an `accept` attribute: extensions, `image/*`, exact types; an empty one takes everything. */
export function accepts(accept: string, name: string, type: string): boolean {
  const rules = accept.split(',').map((rule) => rule.trim().toLowerCase()).filter(Boolean);
  return (
    rules.length === 0 ||
    rules.some((rule) => {
      if (rule.startsWith('.')) return name.toLowerCase().endsWith(rule);
      if (rule.endsWith('/*')) return type.startsWith(rule.slice(0, -1));
      return type === rule;
    })
  );
}

/** Bytes for people: 1 decimal from 1 MB on. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
