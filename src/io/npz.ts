/** NumPy archives (`.npz`): the tables of the synthesis are read from them, training sets are written as them. */
import { unzipSync, zipSync } from 'fflate';

/** One NumPy array: C order, numbers as Float64Array or strings. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  readonly text?: readonly string[];
}

/**
 * Reads a `.npz` archive (f2, f4, f8, i4, i8, U<n>; little endian, C order), as `numpy.savez` writes it; only the arrays named `wanted` when given.
 * Throws on other dtypes, naming them.
 */
export function readNpz(bytes: Uint8Array, wanted?: readonly string[]): ReadonlyMap<string, NpyArray> {
  const filter = ({ name }: { readonly name: string }): boolean => wanted?.some((array) => name === `${array}.npy`) ?? true;
  return new Map(Object.entries(unzipSync(bytes, { filter })).map(([name, body]) => [name.replace(/\.npy$/, ''), readNpy(body, name)]));
}

/** One `.npy` file. Throws on other dtypes and on Fortran order, naming them. */
export function readNpy(body: Uint8Array, name: string): NpyArray {
  if (body.length < 12 || body[0] !== 0x93)
    throw new Error(`${name}: expected a NumPy array, found ${String(body.length)} bytes of something else`);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const major = body[6] ?? 0;
  const start = major === 1 ? 10 : 12;
  const headerLength = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const header = new TextDecoder().decode(body.subarray(start, start + headerLength));
  const dtype = /'descr':\s*'([^']+)'/.exec(header)?.[1] ?? '?';
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((s) => s.trim() !== '')
    .map(Number);
  const n = shape.reduce((a, b) => a * b, 1);
  const at = start + headerLength;
  if (header.includes("'fortran_order': True")) throw new Error(`${name}: expected C order, found Fortran order`);
  const complete = (itemSize: number): void => {
    if (body.length - at !== n * itemSize)
      throw new Error(`${name}: expected ${String(n * itemSize)} bytes for shape (${shape.join(', ')}), found ${String(body.length - at)}`);
  };
  if (dtype.startsWith('<U')) {
    const width = Number(dtype.slice(2));
    complete(4 * width);
    const text = Array.from({ length: n }, (_, i) => {
      let s = '';
      for (let k = 0; k < width; k++) {
        const code = view.getUint32(at + 4 * (i * width + k), true);
        if (code === 0) break;
        s += String.fromCodePoint(code);
      }
      return s;
    });
    return { shape, data: new Float64Array(0), text };
  }
  const read: Readonly<Record<string, [number, (o: number) => number]>> = {
    '<f8': [8, (o) => view.getFloat64(o, true)],
    '<f4': [4, (o) => view.getFloat32(o, true)],
    '<f2': [2, (o) => fromFloat16(view.getUint16(o, true))],
    '<i8': [8, (o) => Number(view.getBigInt64(o, true))],
    '<i4': [4, (o) => view.getInt32(o, true)],
  };
  const reader = read[dtype];
  if (!reader) throw new Error(`${name}: dtype '${dtype}' is not supported`);
  const [size, get] = reader;
  complete(size);
  const data = new Float64Array(n);
  for (let i = 0; i < n; i++) data[i] = get(at + size * i);
  return { shape, data };
}

/** An array to be written: `<f2` takes float16 bit patterns. */
export interface NpyOut {
  readonly dtype: '<f2' | '<f4' | '<f8' | '<i4';
  readonly shape: readonly number[];
  readonly data: Uint16Array | Float32Array | Float64Array | Int32Array;
}

/** Writes an uncompressed `.npz` that `numpy.load` reads. */
export function writeNpz(arrays: Readonly<Record<string, NpyOut>>): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, writeNpy(array)] as const);
  return zipSync(Object.fromEntries(files), { level: 0 });
}

function writeNpy({ dtype, shape, data }: NpyOut): Uint8Array {
  const tuple = shape.length === 1 ? `${String(shape[0])},` : shape.join(', ');
  const dict = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const header = dict.padEnd(Math.ceil((dict.length + 11) / 64) * 64 - 11) + '\n';
  const out = new Uint8Array(10 + header.length + data.byteLength);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  out.set(new TextEncoder().encode(header), 10);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + header.length);
  return out;
}

const f32 = new Float32Array(1);
const u32 = new Uint32Array(f32.buffer);
/** IEEE half-precision bits of a number (round to nearest, subnormals kept, overflow to infinity). */
export function toFloat16(value: number): number {
  f32[0] = value;
  const bits = u32[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const mantissa = bits & 0x7fffff;
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent <= 0) {
    if (exponent < -10) return sign;
    const shifted = (mantissa | 0x800000) >>> (1 - exponent);
    return sign | ((shifted + 0x1000) >>> 13);
  }
  return (sign | (exponent << 10) | (mantissa >>> 13)) + ((mantissa >>> 12) & 1);
}

/** The number of IEEE half-precision bits. */
function fromFloat16(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
