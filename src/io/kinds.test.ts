/** Kinds of faults that public bug reports name, with inputs made here: at least two of each, other than the files in `odd/`. */
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Spectrum } from '../domain/spectrum.ts';
import { bigEndian, concat, emptyPrimary, hdu, imageHdu, tableHdu, type Card } from '../testing/fitsBuilder.ts';
import { failureOf, valueOf } from '../testing/result.ts';
import type { ReadOptions } from './readOptions.ts';
import { readSpectra } from './readSpectra.ts';

const N = 900;
let state = 7;
const uniform = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
const gauss = (): number => Array.from({ length: 12 }, uniform).reduce((a, b) => a + b, -6);
const wave = Float64Array.from({ length: N }, (_, i) => 4000 + 2 * i);
const flux = wave.map((w) => 500 + 60 * Math.sin(w / 300) + 5 * gauss());
const sigma = wave.map(() => 5);

const text = (s: string): Uint8Array => new TextEncoder().encode(s);
const read = (bytes: Uint8Array, options: ReadOptions = {}) => readSpectra('star', bytes, undefined, options);
const one = (bytes: Uint8Array, options: ReadOptions = {}): Spectrum => {
  const [spectrum] = valueOf(read(bytes, options));
  if (!spectrum) throw new Error('no spectrum');
  return spectrum;
};
const notices = (bytes: Uint8Array): string => {
  const result = read(bytes);
  return result.ok ? result.warnings.join('\n') : `${result.failure.code} ${result.failure.message}`;
};
const good = ({ ivar }: Spectrum): number => ivar.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
const rows = (header: string, ...columns: ArrayLike<number>[]): Uint8Array =>
  text(`${header}\n${Array.from({ length: N }, (_, i) => columns.map((column) => column[i]).join(',')).join('\n')}`);
const linear: Card[] = [
  ['CRVAL1', 4000],
  ['CDELT1', 2],
  ['CRPIX1', 1],
  ['CUNIT1', 'Angstrom'],
];
type Column = readonly [name: string, values: ArrayLike<number>];
/** One pixel a row. */
function table(columns: readonly Column[], cards: readonly Card[] = [], primary: readonly Card[] = []): Uint8Array {
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

describe('9: masks and resolution of any table', () => {
  const bad = wave.map((_, i) => (i % 10 === 0 ? 1 : 0));
  it.each(['DQ', 'flag', 'and_mask', 'QUALITY'])('%s', (name) => {
    const bytes = rows(`wave,flux,err,${name}`, wave, flux, sigma, bad);
    expect(good(one(bytes))).toBe(N - N / 10);
    expect(notices(bytes)).toContain(name);
  });
  it('a column that marks the good pixels with 1', () => {
    expect(
      good(
        one(
          rows(
            'wave,flux,err,good',
            wave,
            flux,
            sigma,
            bad.map((b) => 1 - b),
          ),
        ),
      ),
    ).toBe(N - N / 10);
    expect(
      good(
        one(
          rows(
            'wave,flux,err,mask',
            wave,
            flux,
            sigma,
            bad.map((b) => 1 - b),
          ),
        ),
      ),
    ).toBe(N - N / 10);
  });
  it('OR_MASK is said and keeps its pixels', () => {
    const bytes = rows('wave,flux,err,or_mask', wave, flux, sigma, bad);
    expect([good(one(bytes)), notices(bytes).includes('or_mask')]).toEqual([N, true]);
  });
  it('SRES gives R, FWHM gives Å along the spectrum', () => {
    const sres = one(
      rows(
        'wave,flux,err,SRES',
        wave,
        flux,
        sigma,
        wave.map((w) => w / 3),
      ),
    );
    const fwhm = one(
      rows(
        'wave,flux,err,fwhm',
        wave,
        flux,
        sigma,
        wave.map(() => 3),
      ),
    );
    for (const { lsf } of [sres, fwhm]) {
      if (lsf.kind !== 'table') throw new Error(lsf.kind);
      expect(lsf.resolvingPower[0]).toBeCloseTo((lsf.wavelength[0] ?? 0) / 3, 0);
    }
  });
});

describe('10: several in one file', () => {
  it('objects in two HDUs of the same wavelengths are two spectra; blue and red images one', () => {
    const two = concat([
      table(
        [
          ['WAVE', wave],
          ['FLUX', flux],
        ],
        [['EXTNAME', 'A']],
      ),
      table(
        [
          ['WAVE', wave],
          ['FLUX', flux],
        ],
        [['EXTNAME', 'B']],
      ).subarray(2880),
    ]);
    expect(valueOf(read(two)).map(({ id }) => id)).toEqual(['star#A', 'star#B']);
    const red = imageHdu(
      [N],
      flux,
      [
        ['EXTNAME', 'RED'],
        ['CRVAL1', 5900],
        ['CDELT1', 2],
      ],
      false,
    );
    const [joined, ...more] = valueOf(read(concat([imageHdu([N], flux, linear), red])));
    expect([more.length, joined?.wavelength.length, joined?.arms?.length]).toEqual([0, 2 * N, 1]);
  });
  it('a dead one among three columns is a warning', () => {
    const bytes = rows(
      'wave,flux_1,flux_2,flux_3',
      wave,
      flux,
      flux.map(() => NaN),
      flux,
    );
    expect(valueOf(read(bytes))).toHaveLength(2);
    expect(notices(bytes)).toContain('flux_2');
  });
});

describe('11: a third column without a name', () => {
  const plain = (third: ArrayLike<number>): Uint8Array =>
    text(Array.from(wave, (w, i) => `${w} ${flux[i] ?? 0} ${third[i] ?? 0}`).join('\n'));
  it('normalised flux is not taken for σ', () => {
    const bytes = plain(flux.map((f) => f / 500));
    expect([one(bytes).ivarIsMeasured, notices(bytes).includes('not taken for sigma')]).toEqual([false, true]);
  });
  it('inverse variance is recognised, σ is taken and said', () => {
    expect(one(plain(sigma.map((s) => 1 / s ** 2))).ivar[5]).toBe(1 / 25);
    expect(one(plain(sigma)).ivar[5]).toBe(1 / 25);
    expect(notices(plain(sigma))).toContain('taken for sigma');
  });
});

describe('14: comments', () => {
  const commented = (comment: string): Uint8Array =>
    text(`${comment}\nwave flux err\n${Array.from(wave, (w, i) => `${w} ${flux[i] ?? 0} 5`).join('\n')}`);
  it('FWHM = 1.35 is not a line width; fwhm_angstrom is', () => {
    expect(notices(commented('# FWHM = 1.35'))).toContain('seeing');
    expect(one(commented('# FWHM = 2.5 Angstrom')).lsf).toEqual({ kind: 'fwhm', fwhm: 2.5 });
  });
  it('resolution: 12.5 is not a resolving power', () => {
    expect(one(commented('# resolution: 12.5')).reading?.unsaid).toContain('resolvingPower');
    expect(one(commented('# R = 2500')).lsf).toEqual({ kind: 'resolving-power', resolvingPower: 2500 });
  });
});

describe('15: what was refused', () => {
  it('IRAF multispec with a Chebyshev dispersion, and log-linear', () => {
    const spec = (body: string): Card[] => {
      const whole = `wtype=multispec spec1 = "${body}"`;
      return [
        ['CTYPE1', 'MULTISPE'],
        ['WAT0_001', 'system=multispec'],
        ...[0, 1, 2].flatMap((k): Card[] => (whole.length > 68 * k ? [[`WAT2_00${k + 1}`, whole.slice(68 * k, 68 * k + 68)]] : [])),
      ];
    };
    const chebyshev = one(imageHdu([N, 1], flux, spec(`1 1 2 4000 2 ${N} 0. 1 2 1. 0. 1 3 1 ${N} 4899 899 0`)));
    expect([chebyshev.wavelength[0], chebyshev.wavelength.at(-1)]).toEqual([4000, 5798]);
    const log = one(imageHdu([N, 1], flux, spec(`1 1 1 3.6 0.0002 ${N} 0. 1 2`)));
    expect(log.wavelength[0]).toBeCloseTo(10 ** 3.6, 9);
  });
  it('VOTable: TABLEDATA, and BINARY2 with a null', () => {
    const fields =
      '<FIELD name="spectral" ucd="em.wl" unit="nm" datatype="double"><DESCRIPTION>Wavelength in air</DESCRIPTION></FIELD><FIELD name="flux" datatype="double"/>';
    const wrap = (data: string): Uint8Array =>
      text(`<?xml version="1.0"?><VOTABLE><RESOURCE><TABLE>${fields}<DATA>${data}</DATA></TABLE></RESOURCE></VOTABLE>`);
    const plain = one(
      wrap(`<TABLEDATA>${Array.from(wave, (w, i) => `<TR><TD>${w / 10}</TD><TD>${flux[i] ?? 0}</TD></TR>`).join('')}</TABLEDATA>`),
    );
    expect([plain.medium, plain.wavelength[5], plain.flux[5]]).toEqual(['air', expect.closeTo(4010, 6), flux[5]]);
    const cells = Array.from(wave, (w, i) => concat([Uint8Array.of(i === 7 ? 0x40 : 0), bigEndian(Float64Array.of(w / 10, flux[i] ?? 0))]));
    const base64 = Buffer.from(concat(cells)).toString('base64');
    const binary = one(wrap(`<BINARY2><STREAM encoding="base64">${base64}</STREAM></BINARY2>`));
    expect([binary.flux[5], binary.ivar[7]]).toEqual([flux[5], 0]);
  });
  it('NumPy arrays, an archive of them, and a zip of files of which one is no spectrum', () => {
    const npy = (data: Float64Array, shape: string): Uint8Array => {
      const header = `${`{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117)}\n`;
      return concat([
        Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8),
        text(header),
        new Uint8Array(data.slice().buffer),
      ]);
    };
    expect(one(npy(Float64Array.from([...wave, ...flux, ...sigma]), `(3, ${N})`)).ivar[0]).toBe(1 / 25);
    const archive = zipSync({
      'wave0.npy': npy(Float64Array.of(4000), '()'),
      'step.npy': npy(Float64Array.of(2), '()'),
      'flux.npy': npy(flux, `(${N},)`),
      'R.npy': npy(Float64Array.of(1900), '()'),
    });
    expect([one(archive).wavelength[3], one(archive).lsf]).toEqual([4006, { kind: 'resolving-power', resolvingPower: 1900 }]);
    const zip = zipSync({
      'a/one.csv': rows('wave,flux', wave, flux),
      'readme.txt': text('hello'),
      'two.fits': imageHdu([N], flux, linear),
    });
    expect(valueOf(read(zip)).map(({ id }) => id)).toEqual(['star#a/one.csv', 'star#two.fits']);
    expect(notices(zip)).toContain('readme.txt');
  });
  it('ECSV with a folded header, and units like 0.1 nm', () => {
    const head =
      '# %ECSV 1.0\n# ---\n# datatype:\n# - name: x\n# - {name: wave, unit: 0.1 nm,\n#    datatype: float64, description: "vacuum"}\n# - {name: flux, datatype: float64}\nwave flux';
    const s = one(text(`${head}\n${Array.from(wave, (w, i) => `${w} ${flux[i] ?? 0}`).join('\n')}`));
    expect([s.wavelength[0], s.medium]).toEqual([4000, 'vacuum']);
  });
});

describe('16: damage', () => {
  it('a flipped bit of a table, and an untouched one', () => {
    const sound = table(
      [
        ['WAVE', wave],
        ['FLUX', flux],
      ],
      [['DATASUM', '0'.padStart(10)]],
    );
    expect(notices(sound)).not.toContain('DATASUM');
    const claimed = table(
      [
        ['WAVE', wave],
        ['FLUX', flux],
      ],
      [['DATASUM', '12345']],
    );
    expect(notices(claimed)).toContain('DATASUM of HDU 1');
  });

  /** A table and an image with the DATASUM of their own data. */
  const SUMMED: readonly (readonly [string, (sum: string) => Uint8Array])[] = [
    [
      'a table',
      (sum) =>
        table(
          [
            ['WAVE', wave],
            ['FLUX', flux],
          ],
          [['DATASUM', sum]],
        ),
    ],
    ['an image', (sum) => imageHdu([N], flux, [...linear, ['DATASUM', sum]])],
  ];
  it.each(SUMMED)('%s whose data were altered after they were written', (_, write) => {
    const stated = /add up to (\d+)/.exec(notices(write('1')))?.[1] ?? '';
    const sound = write(stated);
    expect(notices(sound)).not.toContain('DATASUM');
    // One bit of one value, and 300 values one after another. The data are the last thing in the file, up to 2880 bytes of padding.
    const inData = sound.length - 2880 - 800;
    const bit = sound.slice();
    bit[inData] = (bit[inData] ?? 0) ^ 4;
    const many = sound.slice();
    for (let k = 0; k < 300; k++) many[inData - k] = (many[inData - k] ?? 0) ^ 1;
    for (const altered of [bit, many]) expect(notices(altered)).toMatch(/DATASUM of HDU \d is \d+, but its data add up to \d+/);
  });
});

describe('17: below zero', () => {
  it('is refused by name, and faint is not', () => {
    expect(
      failureOf(
        read(
          rows(
            'wave,flux',
            wave,
            flux.map((f) => f - 2000),
          ),
        ),
      ).code,
    ).toBe('FLUX_NEGATIVE');
    expect(
      one(
        rows(
          'wave,flux,err',
          wave,
          flux.map((f, i) => 1 + f - 500 - 60 * Math.sin((wave[i] ?? 0) / 300)),
          sigma,
        ),
      ).snr,
    ).toBeLessThan(1);
  });
});

it('no name of a file reaches the prototype of objects', () => {
  expect(
    read(
      text(
        `# __proto__: polluted\n# constructor: x\n__proto__ wave flux\n${Array.from(wave, (w, i) => `1 ${w} ${flux[i] ?? 0}`).join('\n')}`,
      ),
    ).ok,
  ).toBe(true);
  expect(Object.prototype).not.toHaveProperty('polluted');
  expect(emptyPrimary().length).toBe(2880);
});
