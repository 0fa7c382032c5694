import { expect, it } from 'vitest';
import { accepts, size } from './drop-zone';

it('accepts what the field accepts', () => {
  expect(accepts('', 'a.exe', '')).toBe(true);
  expect(accepts('.xlsx, .csv', '报表.XLSX', '')).toBe(true);
  expect(accepts('.xlsx', '报表.xlsx.exe', '')).toBe(false);
  expect(accepts('image/*', 'a.png', 'image/png')).toBe(true);
  expect(accepts('image/*', 'a.pdf', 'application/pdf')).toBe(false);
});

it('says sizes in the unit people use', () => expect([size(3), size(2048), size(3 * 1024 ** 2)]).toEqual(['3 B', '2 kB', '3.0 MB']));
