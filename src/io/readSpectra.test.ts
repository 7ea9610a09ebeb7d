import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bigEndian, concat, emptyPrimary, hdu, imageHdu, tableHdu, type Card } from '../testing/fitsBuilder.ts';
import { failureOf, valueOf } from '../testing/result.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { readSpectra } from './readSpectra.ts';

const text = (s: string): Uint8Array => new TextEncoder().encode(s);
const N = 400;
const index = Float64Array.from({ length: N }, (_, i) => i);
const flux = index.map((i) => 100 + 20 * Math.sin(i / 9) + Math.sin(12.9898 * i) * 3);
const wave = index.map((i) => 5000 + 2 * i);
const lines = (a: ArrayLike<number>, ...more: ArrayLike<number>[]): string =>
  Array.from(a, (v, i) => [v, ...more.map((b) => b[i])].join(' ')).join('\n');
const linear: Card[] = [
  ['CRVAL1', 5000],
  ['CDELT1', 2],
  ['CRPIX1', 1],
];

/** A LAMOST-like table of one row: FLUX, IVAR, WAVELENGTH, ANDMASK, ORMASK. */
function lamost(ivar: Float64Array, andMask: Float64Array = new Float64Array(N), fluxes: Float64Array = flux): Uint8Array {
  const step = 1e-4;
  const primary = hdu([
    ['SIMPLE', true],
    ['BITPIX', 8],
    ['NAXIS', 0],
    ['TELESCOP', 'LAMOST'],
    ['COEFF0', 3.7],
    ['COEFF1', step],
    ['VACUUM', true],
    ['HELIO', true],
  ]);
  const columns = ['FLUX', 'IVAR', 'WAVELENGTH', 'ANDMASK', 'ORMASK'].map((name) => [name, `${N}D`] as const);
  const data = [fluxes, ivar, index.map((i) => 10 ** (3.7 + step * i)), andMask, new Float64Array(N)];
  return concat([primary, tableHdu(columns, 1, concat(data.map(bigEndian)), [['EXTNAME', 'COADD']])]);
}

describe('a file that cannot be used is a failure that says what was found and what to do', () => {
  const image = imageHdu([N], flux, linear);
  const cases: readonly [string, Uint8Array, string, RegExp][] = [
    ['empty', new Uint8Array(0), 'EMPTY_FILE', /0 bytes/],
    ['empty inside gzip', gzipSync(new Uint8Array(0)), 'EMPTY_FILE', /0 bytes/],
    ['truncated FITS', image.subarray(0, 4000), 'FITS_TRUNCATED', /asks for 6080 bytes in all, the file has 4000/],
    ['truncated gzip', gzipSync(image).subarray(0, 200), 'GZIP_DAMAGED', /200 bytes/],
    ['a picture', imageHdu([30, 20], new Float64Array(600)), 'FITS_NOT_A_SPECTRUM', /picture of 30 × 20 pixels/],
    ['FITS without data', emptyPrimary(), 'FITS_NOT_A_SPECTRUM', /HDU 0 \(empty\)/],
    ['1-D image without wavelengths', imageHdu([N], flux), 'FITS_NO_WAVELENGTH', /CRVAL1 undefined/],
    ['multispec without a dispersion', imageHdu([N], flux, [['CTYPE1', 'MULTISPE']]), 'FITS_UNSUPPORTED', /multispec/],
    ['text without numbers', text('dear reader,\nthere is nothing here\n'), 'TEXT_NO_NUMBERS', /first line is "dear reader,"/],
    ['blank text', text('\n  \n'), 'TEXT_NO_NUMBERS', /no line with numbers/],
    ['one column', text('4000\n4001\n4002\n'), 'TEXT_ONE_COLUMN', /3 lines with a single number/],
    ['binary', Uint8Array.from({ length: 500 }, (_, i) => (i * 37) % 251), 'BINARY_UNKNOWN', /500 bytes/],
    ['HTML', text('<!DOCTYPE html>\n<html><head><title>Please log in</title>'), 'HTML_PAGE', /"Please log in"/],
    ['XML', text('<?xml version="1.0"?><gpx>'), 'FORMAT_UNSUPPORTED', /XML/],
    ['VOTable without a table', text('<?xml version="1.0"?><VOTABLE>'), 'VOTABLE_NO_SPECTRUM', /no table/],
    ['zip', text('PK\x03\x04....'), 'ZIP_DAMAGED', /zip/],
    ['tar', Uint8Array.from({ length: 512 }, (_, i) => 'ustar'.charCodeAt(i - 257) || 0), 'FORMAT_UNSUPPORTED', /tar/],
    ['gzip saved as text', Uint8Array.of(0x1f, 0xef, 0xbf, 0xbd, 8, 0), 'DAMAGED_AS_TEXT', /gzip/],
    [
      'infrared FITS',
      imageHdu([N], flux, [
        ['CRVAL1', 15_100],
        ['CDELT1', 2],
      ]),
      'OUT_OF_RANGE',
      /15100–15898 Å; 3700–9100 Å is needed/,
    ],
    [
      'FITS in nm without a unit',
      imageHdu([N], flux, [
        ['CRVAL1', 500],
        ['CDELT1', 0.2],
      ]),
      'OUT_OF_RANGE',
      /500–579.8 Å/,
    ],
    [
      'text in nm without a unit',
      text(
        lines(
          wave.map((w) => w / 10),
          flux,
        ),
      ),
      'TEXT_UNITS',
      /from 500 to 579.8 without a unit/,
    ],
    [
      'infrared text',
      text(
        lines(
          wave.map((w) => w + 10_000),
          flux,
        ),
      ),
      'OUT_OF_RANGE',
      /15000–15798 Å/,
    ],
    [
      'too short a range',
      imageHdu([N], flux, [
        ['CRVAL1', 5000],
        ['CDELT1', 0.2],
      ]),
      'OUT_OF_RANGE',
      /5000–5079.8 Å/,
    ],
    [
      'too few pixels',
      imageHdu([20], flux.slice(0, 20), [
        ['CRVAL1', 5000],
        ['CDELT1', 20],
      ]),
      'TOO_FEW_PIXELS',
      /Only 20 good pixels/,
    ],
    [
      'all masked',
      lamost(
        flux.map(() => 1),
        flux.map(() => 1),
      ),
      'ALL_PIXELS_BAD',
      /0 have no finite flux, 400 are masked/,
    ],
    ['all zero variance', lamost(new Float64Array(N)), 'ALL_PIXELS_BAD', /400 have zero inverse variance/],
    [
      'all NaN',
      lamost(
        flux.map(() => 1),
        undefined,
        flux.map(() => NaN),
      ),
      'ALL_PIXELS_BAD',
      /400 have no finite flux/,
    ],
    [
      'repeated wavelengths',
      text(
        lines(
          wave.map((w) => Math.floor(w / 4) * 4),
          flux,
        ),
      ),
      'WAVELENGTH_REPEATED',
      /wavelength 5000 occurs/,
    ],
    [
      'wavelengths that are none',
      text(
        lines(
          index.map((i) => -i),
          flux,
        ),
      ),
      'NO_WAVELENGTH',
      /None of the 400/,
    ],
    [
      'PLIO tiles',
      concat([
        emptyPrimary(),
        tableHdu([['COMPRESSED_DATA', '1PB']], 1, new Uint8Array(8), [
          ['ZIMAGE', true],
          ['ZCMPTYPE', 'PLIO_1'],
          ['ZNAXIS', 1],
          ['ZNAXIS1', N],
        ]),
      ]),
      'FITS_UNSUPPORTED',
      /PLIO_1/,
    ],
  ];
  it.each(cases)('%s', (_, bytes, code, message) => {
    const failure = failureOf(readSpectra('star.dat', bytes));
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(failure.hint ?? '').not.toBe('');
  });
  it('names the unit that the numbers look like', () => {
    expect(
      failureOf(
        readSpectra(
          'a',
          imageHdu([N], flux, [
            ['CRVAL1', 500],
            ['CDELT1', 0.2],
          ]),
        ),
      ).hint,
    ).toContain('look like nm');
  });
});

describe('pixels without information', () => {
  it('NaN flux, zero, negative and NaN ivar, and and-masked pixels get ivar 0; nothing is NaN', () => {
    const bad = flux.slice();
    bad[3] = NaN;
    bad[4] = Infinity;
    const ivar = flux.map(() => 4);
    ivar[5] = 0;
    ivar[6] = -1;
    ivar[7] = NaN;
    const mask = new Float64Array(N);
    mask[8] = 1;
    const result = readSpectra('folder/star.fits', lamost(ivar, mask, bad));
    const [s] = valueOf(result);
    expect(s?.id).toBe('star.fits');
    expect([...(s?.ivar.subarray(2, 10) ?? [])]).toEqual([4, 0, 0, 0, 0, 0, 0, 4]);
    expect(s?.flux.every(Number.isFinite)).toBe(true);
    expect(s?.flux[3]).toBe(0);
    expect(s?.mask?.[8]).toBe(1);
    expect(result.ok && result.warnings.join()).toContain('2 of 400 pixels have no finite flux');
    expect(s?.snr).toBeCloseTo(2 * 100, -1);
  });
});

describe('1-D images', () => {
  it('linear, with the defaults that are assumed said in warnings', () => {
    const result = readSpectra('a.fits', imageHdu([N], flux, [...linear, ['OBJECT', 'HD 1']]));
    const [s] = valueOf(result);
    expect(s).toMatchObject({ medium: 'vacuum', frame: 'observed', object: 'HD 1', ivarIsMeasured: false });
    expect([s?.wavelength[0], s?.wavelength.at(-1)]).toEqual([5000, 5798]);
    expect(result.ok && result.warnings.join(' ')).toMatch(/vacuum is assumed.*R = 1800 is assumed.*errors: they are guessed/);
  });
  it.each([
    [
      'log10 by DC-FLAG',
      [
        ['CRVAL1', 3.7],
        ['CD1_1', 1e-4],
        ['DC-FLAG', 1],
      ],
      (i: number) => 10 ** (3.7 + 1e-4 * i),
      'vacuum',
    ],
    [
      'natural log, vacuum',
      [
        ['CTYPE1', 'WAVE-LOG'],
        ['CRVAL1', 5000],
        ['CDELT1', 2],
      ],
      (i: number) => 5000 * Math.exp((2 * i) / 5000),
      'vacuum',
    ],
    [
      'air, in nm, from another reference pixel',
      [
        ['CTYPE1', 'AWAV'],
        ['CUNIT1', 'nm'],
        ['CRVAL1', 500],
        ['CDELT1', 0.2],
        ['CRPIX1', 11],
      ],
      (i: number) => 5000 + 2 * (i - 10),
      'air',
    ],
  ] as [string, Card[], (i: number) => number, string][])('%s', (_, cards, wavelength, medium) => {
    const [s] = valueOf(readSpectra('a.fits', imageHdu([N], flux, cards)));
    expect(s?.medium).toBe(medium);
    for (const i of [0, 17, N - 1]) expect(s?.wavelength[i]).toBeCloseTo(wavelength(i), 8);
  });
  it('takes errors from an image named after them, and is not fooled by axes of length 1', () => {
    const bytes = concat([
      imageHdu([N, 1], flux, linear),
      imageHdu(
        [N],
        flux.map(() => 2),
        [['EXTNAME', 'ERROR']],
        false,
      ),
    ]);
    const [s] = valueOf(readSpectra('a.fits', bytes));
    expect(s?.ivar[0]).toBe(0.25);
    expect(s?.ivarIsMeasured).toBe(true);
  });
});

describe('tables', () => {
  it('one pixel a row, unit from TUNIT, falling wavelengths reversed', () => {
    const rows = index.map((i) => N - 1 - i);
    const data = Float64Array.from({ length: 3 * N }, (_, k) => {
      const i = rows[Math.floor(k / 3)] ?? 0;
      return [(wave[i] ?? 0) / 10, flux[i] ?? 0, 2][k % 3] ?? 0;
    });
    const table = tableHdu(
      [
        ['WAVE', 'D'],
        ['FLUX', 'D'],
        ['ERR', 'D'],
      ],
      N,
      bigEndian(data),
      [
        ['TUNIT1', 'nm'],
        ['TUNIT2', 'Jy'],
      ],
    );
    const [s] = valueOf(readSpectra('a.fits', concat([emptyPrimary(), table])));
    expect(s?.wavelength[1]).toBeCloseTo(5002, 9);
    expect(s?.flux).toEqual(flux);
    expect(s?.ivar[0]).toBe(0.25);
    expect(s?.fluxUnit).toBe('Jy');
  });
  it('one spectrum a row in vector cells', () => {
    const data = concat([wave, flux, wave, flux.map((f) => 2 * f)].map(bigEndian));
    const table = tableHdu(
      [
        ['LAMBDA', `${N}D`],
        ['FLUX', `${N}D`],
      ],
      2,
      data,
    );
    const spectra = valueOf(readSpectra('a.fits', concat([emptyPrimary(), table])));
    expect(spectra.map(({ id }) => id)).toEqual(['a.fits#1', 'a.fits#2']);
    expect(spectra[1]?.flux[7]).toBe(2 * (flux[7] ?? 0));
  });
});

it('limits are the caller’s to set: what is sharper than the model is convolved', () => {
  const bytes = imageHdu([N], flux, [...linear, ['SPEC_RES', 20_000]]);
  const [kept] = valueOf(readSpectra('a', bytes, { ...DEFAULT_LIMITS, maxResolvingPower: 30_000 }));
  expect(kept?.lsf).toEqual({ kind: 'resolving-power', resolvingPower: 20_000 });
  const result = readSpectra('a', bytes, DEFAULT_LIMITS, { degradeTo: 2000 });
  const [blunt] = valueOf(result);
  expect(blunt?.lsf).toEqual({ kind: 'resolving-power', resolvingPower: 2000 });
  expect(result.ok && result.warnings.join(' ')).toContain('convolved to R = 2000');
});
