/** County shapes for maps; loaded only by pages that show one. */
import { GeoComponent } from 'echarts/components';
import { registerMap, use } from './library';

use([GeoComponent]);

/** Fetches a GeoJSON file of this site and registers it under its address. Throws when it cannot be had. */
export async function loadShapes(url: string): Promise<string> {
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  registerMap(url, (await response.json()) as never);
  return url;
}
