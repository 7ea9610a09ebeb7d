/** A made-up star and how tests of readers write and read it. */
import type { Spectrum } from '../domain/spectrum.ts';
import { bigEndian, concat, hdu, tableHdu, type Card } from './fitsBuilder.ts';
import { valueOf } from './result.ts';
import type { ReadOptions } from '../io/readOptions.ts';
import { readSpectra } from '../io/readSpectra.ts';

/** Pixels of the made-up star. */
export const N = 900;
let state = 7;
const uniform = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
const gauss = (): number => Array.from({ length: 12 }, uniform).reduce((a, b) => a + b, -6);
/** Å. */
export const wave = Float64Array.from({ length: N }, (_, i) => 4000 + 2 * i);
/** A slow wave with noise. */
export const flux = wave.map((w) => 500 + 60 * Math.sin(w / 300) + 5 * gauss());
/** Its errors. */
export const sigma = wave.map(() => 5);

/** Text as the bytes of a file. */
export const text = (s: string): Uint8Array => new TextEncoder().encode(s);
/** Reads a file as the page does. */
export const read = (bytes: Uint8Array, options: ReadOptions = {}) => readSpectra('star', bytes, undefined, options);
/** The first spectrum of a file. */
export const one = (bytes: Uint8Array, options: ReadOptions = {}): Spectrum => {
  const [spectrum] = valueOf(read(bytes, options));
  if (!spectrum) throw new Error('no spectrum');
  return spectrum;
};
/** What a reader says of a file: its warnings, or its failure. */
export const notices = (bytes: Uint8Array): string => {
  const result = read(bytes);
  return result.ok ? result.warnings.join('\n') : `${result.failure.code} ${result.failure.message}`;
};
/** Pixels with information. */
export const good = ({ ivar }: Spectrum): number => ivar.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
/** A text table, a pixel a row. */
export const rows = (header: string, ...columns: ArrayLike<number>[]): Uint8Array =>
  text(`${header}\n${Array.from({ length: N }, (_, i) => columns.map((column) => column[i]).join(',')).join('\n')}`);
/** A linear axis of wavelengths. */
export const linear: Card[] = [
  ['CRVAL1', 4000],
  ['CDELT1', 2],
  ['CRPIX1', 1],
  ['CUNIT1', 'Angstrom'],
];
/** A column of a table. */
export type Column = readonly [name: string, values: ArrayLike<number>];
/** One pixel a row. */
export function table(columns: readonly Column[], cards: readonly Card[] = [], primary: readonly Card[] = []): Uint8Array {
  const data = Float64Array.from(
    { length: columns.length * N },
    (_, k) => columns[k % columns.length]?.[1][Math.floor(k / columns.length)] ?? NaN,
  );
  const head = hdu([['SIMPLE', true], ['BITPIX', 8], ['NAXIS', 0], ...primary]);
  return concat([
    head,
    tableHdu(
      columns.map(([name]) => [name, 'D'] as const),
      N,
      bigEndian(data),
      cards,
    ),
  ]);
}
