/**
 * Damaged files by seed: bit flips, truncations, swapped keywords, huge and negative sizes, gzip and zip bombs, texts of every encoding. The same
 * seed gives the same file everywhere.
 */
import { gzipSync, zipSync } from 'fflate';
import { bigEndian, concat, emptyPrimary, hdu, imageHdu, tableHdu, type Card } from './fitsBuilder.ts';

export interface FuzzFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Uniform numbers in [0, 1): Mulberry32. */
function stream(seed: number): () => number {
  let state = (seed * 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const N = 600;
const wave = Float64Array.from({ length: N }, (_, i) => 4000 + 4 * i);
const flux = wave.map((w, i) => 100 + 20 * Math.sin(w / 37) + 3 * Math.sin(12.9898 * i));
const error = wave.map(() => 2);
const text = (s: string): Uint8Array => new TextEncoder().encode(s);
const linear: Card[] = [
  ['CRVAL1', 4000],
  ['CDELT1', 4],
  ['CRPIX1', 1],
];

function lamostTable(): Uint8Array {
  const primary = hdu([
    ['SIMPLE', true],
    ['BITPIX', 8],
    ['NAXIS', 0],
    ['TELESCOP', 'LAMOST'],
    ['COEFF0', 3.6],
    ['COEFF1', 3e-4],
  ]);
  const columns = ['FLUX', 'IVAR', 'WAVELENGTH', 'ANDMASK', 'ORMASK'].map((name) => [name, `${N}D`] as const);
  const loglam = wave.map((_, i) => 10 ** (3.6 + 3e-4 * i));
  return concat([
    primary,
    tableHdu(columns, 1, concat([flux, error, loglam, new Float64Array(N), new Float64Array(N)].map(bigEndian)), [['EXTNAME', 'COADD']]),
  ]);
}

function desiLike(): Uint8Array {
  const named = (name: string, shape: number[], data: Float64Array): Uint8Array => imageHdu(shape, data, [['EXTNAME', name]], false);
  const double = (a: Float64Array): Float64Array => Float64Array.from([...a, ...a]);
  return concat([
    emptyPrimary(),
    named('B_WAVELENGTH', [N], wave),
    named('B_FLUX', [N, 2], double(flux)),
    named('B_IVAR', [N, 2], double(error)),
  ]);
}

const csv = `wavelength,flux,sigma\n${Array.from(wave, (w, i) => `${w},${String(flux[i])},2`).join('\n')}`;
const votable = `<?xml version="1.0"?><VOTABLE><RESOURCE><TABLE><FIELD name="wave" unit="Angstrom" datatype="double"/><FIELD name="flux" datatype="double"/><DATA><TABLEDATA>${Array.from(wave, (w, i) => `<TR><TD>${w}</TD><TD>${String(flux[i])}</TD></TR>`).join('')}</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`;
const ecsv = `# %ECSV 1.0\n# ---\n# datatype:\n# - {name: wave, unit: nm, datatype: float64}\n# - {name: flux, datatype: float64}\nwave flux\n${Array.from(wave, (w, i) => `${w / 10} ${String(flux[i])}`).join('\n')}`;

function npy(data: Float64Array): Uint8Array {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${data.length},), }`.padEnd(117) + '\n';
  const head = new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  return concat([head, text(header), new Uint8Array(data.slice().buffer)]);
}

/** Sound files, one of each format; the damage is done to these. */
const SOUND: readonly (readonly [string, () => Uint8Array])[] = [
  ['image.fits', () => imageHdu([N], flux, linear)],
  ['lamost.fits', lamostTable],
  [
    'table.fits',
    () =>
      concat([
        emptyPrimary(),
        tableHdu(
          [
            ['WAVE', 'D'],
            ['FLUX', 'D'],
            ['ERR', 'D'],
          ],
          N,
          bigEndian(Float64Array.from({ length: 3 * N }, (_, k) => [wave, flux, error][k % 3]?.[Math.floor(k / 3)] ?? 0)),
        ),
      ]),
  ],
  [
    'varlen.fits',
    () =>
      concat([
        emptyPrimary(),
        tableHdu(
          [
            ['WAVE', `1PD(${N})`],
            ['FLUX', `1PD(${N})`],
          ],
          1,
          descriptors(),
          [],
          concat([wave, flux].map(bigEndian)),
        ),
      ]),
  ],
  ['desi.fits', desiLike],
  [
    'iraf.fits',
    () =>
      imageHdu([N, 1, 2], Float64Array.from([...flux, ...error]), [
        ...linear,
        ['WAT0_001', 'system=equispec'],
        ['BANDID1', 'spectrum'],
        ['BANDID2', 'sigma'],
      ]),
  ],
  ['star.csv', () => text(csv)],
  ['star.vot', () => text(votable)],
  ['star.ecsv', () => text(ecsv)],
  ['star.npz', () => zipSync({ 'wave.npy': npy(wave), 'flux.npy': npy(flux) })],
  ['stars.zip', () => zipSync({ 'a.csv': text(csv), 'b.fits': imageHdu([N], flux, linear) })],
  ['star.csv.gz', () => gzipSync(text(csv))],
  ['image.fits.gz', () => gzipSync(imageHdu([N], flux, linear))],
];

function descriptors(): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  [N, 0, N, 8 * N].forEach((value, i) => {
    view.setInt32(4 * i, value);
  });
  return new Uint8Array(view.buffer);
}

type Damage = (bytes: Uint8Array, random: () => number) => Uint8Array;
const pick = <T>(items: readonly T[], random: () => number): T => items[Math.floor(random() * items.length)] as T;

const NUMBERS = [
  '-1',
  '0',
  '1',
  '999999999',
  '4294967296',
  '1E300',
  '-9223372036854775808',
  'NaN',
  "'text'",
  'T',
  '2147483647',
  '0.5',
] as const;
const KEYWORDS = [
  'NAXIS',
  'NAXIS1',
  'NAXIS2',
  'BITPIX',
  'PCOUNT',
  'GCOUNT',
  'TFIELDS',
  'CRVAL1',
  'CDELT1',
  'CRPIX1',
  'COEFF0',
  'COEFF1',
  'TFORM1',
  'TFORM2',
  'TTYPE1',
  'THEAP',
  'BSCALE',
  'BZERO',
  'BLANK',
  'EXTNAME',
  'XTENSION',
  'ZIMAGE',
  'TNULL1',
  'TDIM1',
] as const;

const DAMAGES: Readonly<Record<string, Damage>> = {
  flips: (bytes, random) => {
    const out = bytes.slice();
    const count = 1 + Math.floor(random() * 40);
    for (let k = 0; k < count; k++) {
      const at = Math.floor(random() ** 2 * out.length);
      out[at] = (out[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    return out;
  },
  truncated: (bytes, random) => bytes.slice(0, Math.floor(random() * bytes.length)),
  keyword: (bytes, random) => overwrite(bytes, pick(KEYWORDS, random), pick(NUMBERS, random)),
  keywords: (bytes, random) => [0, 1, 2].reduce((out) => overwrite(out, pick(KEYWORDS, random), pick(NUMBERS, random)), bytes),
  renamed: (bytes, random) => rename(bytes, pick(KEYWORDS, random), pick(KEYWORDS, random)),
  doubled: (bytes, random) => concat([bytes, bytes.subarray(Math.floor(random() * bytes.length))]),
  shuffled: (bytes, random) => {
    const size = 1 + Math.floor(random() * 400);
    const [a, b] = [Math.floor(random() * bytes.length), Math.floor(random() * bytes.length)];
    const out = bytes.slice();
    out.set(bytes.subarray(a, a + Math.min(size, bytes.length - b)), b);
    return out;
  },
  noise: (bytes, random) =>
    Uint8Array.from(bytes.subarray(0, 20_000), (byte, i) => (i > 2 && random() < 0.3 ? Math.floor(random() * 256) : byte)),
  encoding: (bytes, random) => reencode(new TextDecoder('latin1').decode(bytes.subarray(0, 60_000)), Math.floor(random() * 5)),
  numbers: (bytes, random) => {
    const words = new TextDecoder('latin1').decode(bytes.subarray(0, 60_000)).split(/(\d+\.?\d*)/);
    const odd = ['1e999', '-', 'NaN', '0x10', '١٢', '1,5', '9'.repeat(400), '', '1e-400', '__proto__', '<script>'];
    return text(words.map((word, i) => (i % 2 === 1 && random() < 0.02 ? pick(odd, random) : word)).join(''));
  },
};

/** Writes `value` into the first card with `keyword`, where the file has one. */
function overwrite(bytes: Uint8Array, keyword: string, value: string): Uint8Array {
  const at = cardAt(bytes, keyword);
  if (at < 0) return bytes;
  const out = bytes.slice();
  out.set(text(`${keyword.padEnd(8)}= ${value.padStart(20)}`.padEnd(80).slice(0, 80)), at);
  return out;
}

function rename(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const at = cardAt(bytes, from);
  if (at < 0) return bytes;
  const out = bytes.slice();
  out.set(text(to.padEnd(8)), at);
  return out;
}

function cardAt(bytes: Uint8Array, keyword: string): number {
  const wanted = `${keyword.padEnd(8)}=`;
  for (let at = 0; at + 80 <= Math.min(bytes.length, 40_000); at += 80) {
    let same = true;
    for (let k = 0; k < wanted.length && same; k++) same = bytes[at + k] === wanted.charCodeAt(k);
    if (same) return at;
  }
  return -1;
}

function reencode(content: string, how: number): Uint8Array {
  const units = Array.from(content, (sign) => sign.charCodeAt(0));
  switch (how) {
    case 0:
      return Uint8Array.from([0xff, 0xfe, ...units.flatMap((code) => [code & 255, code >> 8])]);
    case 1:
      return Uint8Array.from([0xfe, 0xff, ...units.flatMap((code) => [code >> 8, code & 255])]);
    case 2:
      return text(`\ufeff${content}`);
    case 3:
      return Uint8Array.from(units.flatMap((code) => [code & 255, 0, 0, 0]));
    default:
      return Uint8Array.from(units, (code) => (code + 128) & 255);
  }
}

/** 10 GB of zeros as gzip members of 10 MB each (1000 times 10 kB), after a beginning that looks like a spectrum. */
function gzipBomb(random: () => number): Uint8Array {
  const member = gzipSync(new Uint8Array(10_000_000), { level: 9 });
  const head = gzipSync(pick([text(csv), imageHdu([N], flux, linear)], random));
  return concat([head, ...Array.from({ length: 1000 }, () => member)]);
}

let bombs: Uint8Array | null = null;

/** The file of a seed. Every 100th is a bomb. */
export function fuzzFile(seed: number): FuzzFile {
  const random = stream(seed + 1);
  if (seed % 100 === 99) {
    bombs ??= gzipBomb(random);
    return { name: `bomb-${String(seed)}.gz`, bytes: bombs };
  }
  const [name, sound] = pick(SOUND, random);
  const kind = pick(Object.keys(DAMAGES), random);
  const damage = DAMAGES[kind];
  const bytes = damage ? damage(sound(), random) : sound();
  return { name: `${kind}-${String(seed)}-${name}`, bytes };
}
