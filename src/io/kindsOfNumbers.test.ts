/** Kinds of faults that public bug reports name, with inputs made here, at least two of each, other than the files in `odd/`: medium, arrays, filled stretches, wild pixels and axes. */
import { describe, expect, it } from 'vitest';
import { concat, imageHdu, type Card } from '../testing/fitsBuilder.ts';
import { failureOf } from '../testing/result.ts';
import { N, wave, flux, sigma, text, read, one, notices, good, rows, linear, table, type Column } from '../testing/readCases.ts';

describe('3: the medium as it is stated', () => {
  it.each([
    ['# wavelengths are not in vacuum', 'air'],
    ['# converted from air to vacuum', 'vacuum'],
    ['# AIR = T', 'air'],
    ['# AIRORVAC= vac', 'vacuum'],
    ['# airmass = 1.2\n# pump vacuum 1e-5 mbar\n# lambda in air', 'air'],
  ])('%s', (comment, medium) => {
    expect(one(text(`${comment}\nwave flux err\n${Array.from(wave, (w, i) => `${w} ${flux[i] ?? 0} 5`).join('\n')}`)).medium).toBe(medium);
  });
  it('AIRORVAC in the primary header of a table, and a comment of TTYPE1', () => {
    const columns: Column[] = [
      ['WAVE', wave],
      ['FLUX', flux],
    ];
    expect(one(table(columns, [], [['AIRORVAC', 'air']])).medium).toBe('air');
    expect(one(table(columns, [['TCOMM1', 'Vacuum wavelength']])).medium).toBe('vacuum');
  });
  it('an answer of the person comes first, and what was open is listed', () => {
    const bytes = rows('wave,flux,err', wave, flux, sigma);
    expect(one(bytes).reading?.unsaid).toEqual(['medium', 'resolvingPower', 'fluxUnit']);
    const answered = one(bytes, { medium: 'air', resolvingPower: 2100, fluxUnit: 'Jy' });
    expect([answered.medium, answered.lsf, answered.fluxUnit, answered.reading?.unsaid]).toEqual([
      'air',
      { kind: 'resolving-power', resolvingPower: 2100 },
      'Jy',
      [],
    ]);
  });
});

describe('4: the right array is the flux, and its own error', () => {
  const wrong = flux.map((f) => f / 7);
  it('FLUX_BKG and FLUX_RAW before FLUX; ERR_RAW is not its error', () => {
    const s = one(
      table([
        ['WAVE', wave],
        ['FLUX_BKG', wrong],
        ['FLUX_RAW', wrong],
        ['ERR_RAW', sigma],
        ['FLUX', flux],
      ]),
    );
    expect([s.flux[0], s.ivarIsMeasured]).toEqual([flux[0], false]);
  });
  it('FLUX with ERR beside FLUX_REDUCED with ERR_REDUCED', () => {
    const s = one(
      table([
        ['WAVE', wave],
        ['FLUX_REDUCED', wrong],
        ['ERR_REDUCED', wrong],
        ['FLUX', flux],
        ['ERR', sigma],
      ]),
    );
    expect([s.flux[3], s.ivar[3]]).toEqual([flux[3], 1 / 25]);
  });
  it('SNR beside the flux becomes an error of flux / SNR', () => {
    const s = one(
      table([
        ['WAVE', wave],
        ['FLUX', flux],
        ['SNR', flux.map((f) => f / 5)],
      ]),
    );
    expect(s.ivar[10]).toBeCloseTo(1 / 25, 12);
  });
});

describe('5: filled stretches', () => {
  it('a padding of zeros at both ends and a plateau are left out and said', () => {
    const padded = flux.map((f, i) => (i < 30 || i >= N - 30 ? 0 : i >= 400 && i < 420 ? 512 : f));
    const bytes = rows('wave,flux,err', wave, padded, sigma);
    expect(good(one(bytes))).toBe(N - 80);
    expect(notices(bytes)).toContain('constant or interpolated flux');
  });
  it('a line drawn over a gap, in float32', () => {
    const [a, b] = [flux[200] ?? 0, flux[230] ?? 0];
    const drawn = flux.map((f, i) => Math.fround(i > 200 && i < 230 ? a + ((b - a) * (i - 200)) / 30 : f));
    const s = one(
      table([
        ['WAVE', wave],
        ['FLUX', drawn],
        ['ERR', sigma],
      ]),
    );
    expect(good(s)).toBe(N - 29);
    expect(s.reason?.[215]).toBe(4);
  });
  it('few digits, or no noise at all, are not taken for filling', () => {
    expect(
      good(
        one(
          rows(
            'wave,flux,err',
            wave,
            flux.map((f) => Math.round(f / 5) * 5),
            sigma,
          ),
        ),
      ),
    ).toBe(N);
    expect(
      good(
        one(
          rows(
            'wave,flux,err',
            wave,
            wave.map((w) => 1 + 0.1 * Math.sin(w / 40)),
            sigma,
          ),
        ),
      ),
    ).toBe(N);
  });
});

describe('6: wild pixels', () => {
  it.each([-999, 1e20, -9.223372036854776e18, 60_000])('one pixel of %d is left out, and the star is read', (value) => {
    const bytes = rows(
      'wave,flux,err',
      wave,
      flux.map((f, i) => (i === 333 ? value : f)),
      sigma,
    );
    const s = one(bytes);
    expect([good(s), (s.ivar[333] ?? NaN) > 0]).toEqual([N - 1, false]);
    expect(notices(bytes)).toMatch(/placeholder|wild/);
  });
  it('an emission line five pixels wide, and absorption to zero, stay', () => {
    const line = flux.map((f, i) => (Math.abs(i - 500) <= 2 ? 12 * f : Math.abs(i - 300) <= 1 ? 1 + (i - 300) : f));
    expect(good(one(rows('wave,flux,err', wave, line, sigma)))).toBe(N);
  });
  it('an error a hundred times too small does not pin the fit', () => {
    expect(
      good(
        one(
          rows(
            'wave,flux,err',
            wave,
            flux,
            sigma.map((e, i) => (i === 50 ? e / 1e4 : e)),
          ),
        ),
      ),
    ).toBe(N - 1);
  });
});

describe('8: axis keywords', () => {
  const at = (cards: readonly Card[]): Float64Array => one(imageHdu([N], flux, cards)).wavelength;
  it('PC1_1 multiplies CDELT1', () => {
    expect(
      at([
        ['CRVAL1', 4000],
        ['CDELT1', 1],
        ['PC1_1', 2],
        ['CRPIX1', 1],
      ])[10],
    ).toBe(4020);
  });
  it('WAVE-F2W is linear in frequency', () => {
    const [from, step] = [5000, 2];
    const got = at([
      ['CTYPE1', 'WAVE-F2W'],
      ['CUNIT1', 'Angstrom'],
      ['CRVAL1', from],
      ['CDELT1', step],
      ['CRPIX1', 450],
    ]);
    const inverse = got.map((w) => 1 / w);
    expect(((inverse[1] ?? 0) - (inverse[0] ?? 0)) / ((inverse[800] ?? 0) - (inverse[799] ?? 0))).toBeCloseTo(1, 9);
    expect([got[449], (got[450] ?? 0) - (got[448] ?? 0)]).toEqual([5000, expect.closeTo(2 * step, 4)]);
  });
  it.each([
    [
      [
        ['CUNIT1', 'pixel'],
        ['CRVAL1', 4000],
        ['CDELT1', 2],
      ],
    ],
    [
      [
        ['CRVAL1', 1],
        ['CDELT1', 1],
      ],
    ],
    [
      [
        ['CTYPE1', 'VELO-LSR'],
        ['CRVAL1', 4000],
        ['CDELT1', 2],
      ],
    ],
  ] as Card[][][])('%j is no wavelength', (cards) => {
    expect(failureOf(read(imageHdu([4000], new Float64Array(4000).fill(3), cards))).hint).toMatch(/Å/);
  });
  it('an image LAMBDA in nm beside the header’s axis is believed', () => {
    const other = imageHdu(
      [N],
      wave.map((w) => w / 10 + 0.1),
      [
        ['EXTNAME', 'LAMBDA'],
        ['BUNIT', 'nm'],
      ],
      false,
    );
    const bytes = concat([imageHdu([N], flux, linear), other]);
    expect(one(bytes).wavelength[0]).toBeCloseTo(4001, 9);
    expect(notices(bytes)).toContain('the image is used');
  });
});
