/** Kinds of faults that public bug reports name, with inputs made here, at least two of each, other than the files in `odd/`: masks, several in one file, columns without names, comments, formats and damage. */
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bigEndian, concat, emptyPrimary, imageHdu, type Card } from '../testing/fitsBuilder.ts';
import { failureOf, valueOf } from '../testing/result.ts';
import { N, wave, flux, sigma, text, read, one, notices, good, rows, linear, table } from '../testing/readCases.ts';

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
