/** Files of surveys made after their published data models, where no real one is at hand. */
import { describe, expect, it } from 'vitest';
import type { Spectrum } from '../../domain/spectrum.ts';
import { resolvingPowerAt } from '../../spectra/resolvingPower.ts';
import { bigEndian, concat, hdu, imageHdu, tableHdu, type Card } from '../../testing/fitsBuilder.ts';
import { failureOf, valueOf } from '../../testing/result.ts';
import type { ReadOptions } from '../readOptions.ts';
import { readSpectra } from '../readSpectra.ts';

const pattern = (w: number, k: number): number => 300 + 40 * Math.sin(w / 200 + k) + 4 * Math.sin(12.9898 * w);
const read = (bytes: Uint8Array, options: ReadOptions = {}) => readSpectra('file.fits', bytes, undefined, options);
const one = (bytes: Uint8Array, options: ReadOptions = {}): Spectrum => {
  const [spectrum] = valueOf(read(bytes, options));
  if (!spectrum) throw new Error('no spectrum');
  return spectrum;
};
const primary = (...cards: Card[]): Uint8Array => hdu([['SIMPLE', true], ['BITPIX', 8], ['NAXIS', 0], ...cards]);
const extension = (name: string, shape: number[], data: Float64Array, cards: Card[] = []): Uint8Array =>
  imageHdu(shape, data, [['EXTNAME', name], ...cards], false);
const axis = (from: number, step: number, n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => from + step * i);
const stack = (...rows: Float64Array[]): Float64Array => Float64Array.from(rows.flatMap((row) => [...row]));

/** A K column of TARGETIDs, which exceed 2⁵³. */
function targetIds(ids: readonly bigint[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * ids.length));
  ids.forEach((id, i) => {
    view.setBigInt64(8 * i, id);
  });
  return tableHdu([['TARGETID', 'K']], ids.length, new Uint8Array(view.buffer), [['EXTNAME', 'FIBERMAP']]);
}

/** Bands of a resolution matrix of Gaussian rows of σ pixels, [11][n]. */
function resolution(n: number, sigma: number): Float64Array {
  const out = new Float64Array(11 * n);
  for (let d = 0; d < 11; d++) {
    for (let column = 0; column < n; column++) {
      const row = column - (5 - d);
      if (row >= 0 && row < n) out[d * n + column] = Math.exp(-0.5 * ((5 - d) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
    }
  }
  return out;
}

describe('DESI', () => {
  const arms = [
    ['B', axis(3600, 0.8, 2751), 1],
    ['R', axis(5760, 0.8, 2326), 1.1],
    ['Z', axis(7520, 0.8, 2881), 0.95],
  ] as const;
  const ids = [39_633_300_968_442_591n, 39_633_297_352_951_412n];
  const file = concat([
    primary(['TILEID', 169]),
    targetIds(ids),
    ...arms.flatMap(([arm, wave, sigma]) => [
      extension(`${arm}_WAVELENGTH`, [wave.length], wave),
      extension(
        `${arm}_FLUX`,
        [wave.length, 2],
        stack(
          wave.map((w) => pattern(w, 0)),
          wave.map((w) => pattern(w, 2)),
        ),
      ),
      extension(`${arm}_IVAR`, [wave.length, 2], new Float64Array(2 * wave.length).fill(0.25)),
      extension(
        `${arm}_MASK`,
        [wave.length, 2],
        Float64Array.from({ length: 2 * wave.length }, (_, i) => (i % wave.length === 40 ? 2 : 0)),
      ),
      extension(`${arm}_RESOLUTION`, [wave.length, 11, 2], stack(resolution(wave.length, sigma), resolution(wave.length, sigma))),
    ]),
  ]);

  it('both targets, each under its TARGETID; one of them when asked', () => {
    expect(valueOf(read(file)).map(({ object }) => object)).toEqual(ids.map(String));
    expect(one(file, { target: '39633297352951412' }).flux[100]).toBe(pattern(3680, 2));
    expect(failureOf(read(file, { target: '39633297352951413' })).code).toBe('TARGET_UNKNOWN');
  });
  it('pixels of each arm as they are, joined in the middle of the overlaps, with masks and R(λ) of the matrix', () => {
    const s = one(file);
    expect(s.arms?.map(Math.round)).toEqual([5780, 7570]);
    expect(s.wavelength.every((w, i) => i === 0 || w > (s.wavelength[i - 1] ?? 0))).toBe(true);
    expect([s.ivar[40], s.reason?.[40], s.mask?.[40]]).toEqual([0, 2, 2]);
    for (const [at, sigma] of [
      [4500, 1],
      [6500, 1.1],
      [8500, 0.95],
    ] as const)
      expect(resolvingPowerAt(s.lsf, at) / (at / (2.3548 * 0.8 * sigma))).toBeCloseTo(1, 1);
    expect([s.medium, s.frame, s.survey.name]).toEqual(['vacuum', 'barycentric', 'DESI']);
  });
  it('a cframe: one camera without prefixes', () => {
    const [, wave] = arms[1];
    const frame = concat([
      primary(['CAMERA', 'r1']),
      extension(
        'FLUX',
        [wave.length, 2],
        stack(
          wave.map((w) => pattern(w, 0)),
          wave.map((w) => pattern(w, 2)),
        ),
      ),
      extension('IVAR', [wave.length, 2], new Float64Array(2 * wave.length).fill(0.25)),
      extension('WAVELENGTH', [wave.length], wave),
      extension('RESOLUTION', [wave.length, 11, 2], stack(resolution(wave.length, 1), resolution(wave.length, 1))),
      targetIds(ids),
    ]);
    expect(one(frame, { target: '2' }).flux[10]).toBe(pattern(5768, 2));
  });
});

describe('4MOST', () => {
  const wave = axis(3700, 0.25, 23_201);
  const cells = [
    wave,
    wave.map((w) => pattern(w, 0)),
    wave.map(() => 2),
    wave.map((_, i) => (i % 50 === 3 ? 1 : 0)),
    wave.map(() => 0),
    wave.map(() => 1),
  ];
  const names = ['WAVE', 'FLUX', 'ERR_FLUX', 'QUAL', 'FLUX_NOSS', 'ERR_FLUX_NOSS'];
  const file = (ucd: string): Uint8Array =>
    concat([
      primary(['INSTRUME', 'QMOST'], ['SPECSYS', 'BARYCENT'], ['OBJECT', 'star']),
      tableHdu(
        names.map((name) => [name, `${wave.length}D`] as const),
        1,
        concat(cells.map(bigEndian)),
        [
          ['EXTNAME', 'PHASE3SPECTRUM'],
          ['TUNIT1', 'Angstrom'],
          ['TUCD1', ucd],
        ],
      ),
    ]);
  it.each([
    ['em.wl', 'vacuum'],
    ['em.wl;obs.atmos', 'air'],
  ])('TUCD1 %s: %s; FLUX and ERR_FLUX, QUAL, convolved to R = 1800', (ucd, medium) => {
    const s = one(file(ucd));
    expect([s.survey.name, s.medium, s.frame]).toEqual(['4MOST', medium, 'barycentric']);
    expect(s.lsf).toEqual({ kind: 'resolving-power', resolvingPower: 1800 });
    expect(s.flux[1000]).toBeGreaterThan(200);
    // 600 photo-electrons at σ 2 in bins of 1.3 Å: S/N 300/2·√(1.3/0.25) at 5800 Å.
    expect(s.snr / 150).toBeGreaterThan(1.8);
  });
  it('at the resolving power that a person chooses', () => {
    expect(one(file('em.wl'), { degradeTo: 3000 }).lsf).toEqual({ kind: 'resolving-power', resolvingPower: 3000 });
  });
});

describe('WEAVE', () => {
  const n = 3000;
  const cards: Card[] = [
    ['CRVAL1', 5800],
    ['CD1_1', 0.5],
    ['CRPIX1', 1],
    ['CTYPE1', 'AWAV'],
    ['CUNIT1', 'Angstrom'],
  ];
  const wave = axis(5800, 0.5, n);
  const rows = [0, 1, 2].map((k) => wave.map((w) => pattern(w, k)));
  const text = (s: string, width: number): Uint8Array => new TextEncoder().encode(s.padEnd(width));
  const fibres = concat(
    [
      ['1', 'sky', 'S'],
      ['2', 'HD 1', 'T'],
      ['3', 'HD 2', 'T'],
    ].map(([nspec = '', name = '', use = '']) => concat([bigEndian(Float64Array.of(Number(nspec))), text(name, 8), text(use, 1)])),
  );
  const file = concat([
    primary(['SPECSYS', 'BARYCENT']),
    extension('RED_DATA', [n, 3], stack(...rows), cards),
    extension('RED_IVAR', [n, 3], new Float64Array(3 * n).fill(0.25), cards),
    extension('RED_DATA_NOSS', [n, 3], new Float64Array(3 * n).fill(1), cards),
    extension('RED_SENSFUNC', [n, 3], new Float64Array(3 * n).fill(2), cards),
    tableHdu(
      [
        ['NSPEC', 'D'],
        ['TARGNAME', '8A'],
        ['TARGUSE', '1A'],
      ],
      3,
      fibres,
      [['EXTNAME', 'FIBTABLE']],
    ),
  ]);
  it('targets by name, sky left out, flux times the sensitivity, medium of the axis', () => {
    expect(valueOf(read(file)).map(({ object }) => object)).toEqual(['HD 1', 'HD 2']);
    const s = one(file, { target: 'HD 2' });
    expect([s.flux[7], s.ivar[7], s.medium, s.frame]).toEqual([2 * pattern(5803.5, 2), 0.25 / 4, 'air', 'barycentric']);
    expect(s.lsf).toEqual({ kind: 'resolving-power', resolvingPower: 5000 });
  });
});

it('LAMOST medium resolution: both coadds, joined over the gap and convolved', () => {
  const coadd = (name: string, from: number, to: number): Uint8Array => {
    const wave = axis(from, 0.12, Math.floor((to - from) / 0.12));
    const columns = ['FLUX', 'IVAR', 'WAVELENGTH', 'ANDMASK', 'ORMASK'].map((column) => [column, `${wave.length}D`] as const);
    const data = [wave.map((w) => pattern(w, 0)), wave.map(() => 0.25), wave, wave.map(() => 0), wave.map(() => 0)];
    return tableHdu(columns, 1, concat(data.map(bigEndian)), [['EXTNAME', name]]);
  };
  const s = one(concat([primary(['TELESCOP', 'LAMOST'], ['VACUUM', true]), coadd('COADD_B', 4950, 5350), coadd('COADD_R', 6300, 6800)]));
  expect([s.survey.name, s.arms?.length]).toEqual(['LAMOST MRS', 1]);
  expect(s.wavelength.some((w) => w > 5352 && w < 6298)).toBe(false);
  expect(s.wavelength.length).toBeGreaterThan(400);
});

it('SDSS-V: names in capitals, no HELIO_RV', () => {
  const n = 2000;
  const loglam = axis(3.58, 1e-4, n);
  const columns = [
    loglam.map((l) => pattern(10 ** l, 0)),
    loglam,
    loglam.map(() => 0.25),
    loglam.map(() => 0),
    loglam.map(() => 0),
    loglam.map(() => 1),
  ];
  const data = Float64Array.from(
    { length: columns.length * n },
    (_, k) => columns[k % columns.length]?.[Math.floor(k / columns.length)] ?? NaN,
  );
  const file = concat([
    primary(['TELESCOP', 'SDSS 2.5-M']),
    tableHdu(
      ['FLUX', 'LOGLAM', 'IVAR', 'AND_MASK', 'OR_MASK', 'WDISP'].map((name) => [name, 'D'] as const),
      n,
      bigEndian(data),
      [['EXTNAME', 'COADD']],
    ),
  ]);
  const s = one(file);
  expect([s.survey.name, s.medium, s.wavelength.length]).toEqual(['SDSS', 'vacuum', n]);
  expect(resolvingPowerAt(s.lsf, 4500)).toBeCloseTo(1 / (2.3548 * 1e-4 * Math.LN10), -1);
});
