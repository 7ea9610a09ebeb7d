/** Bits of the split length, greatest split, and bits of a raw difference, by bytes per pixel (FITS standard 10.4.1). */
const CODES: Readonly<Record<number, { readonly splitBits: number; readonly rawSplit: number }>> = {
  1: { splitBits: 3, rawSplit: 6 },
  2: { splitBits: 4, rawSplit: 14 },
  4: { splitBits: 5, rawSplit: 25 },
};

/**
 * Rice-coded integers: blocks of `blockSize` differences to the pixel before, folded to non-negative, each split into a unary high part and
 * a binary low part. FITS standard 4.0, section 10.4.1 (Rice, Yeh & Miller 1993). Null where the bits run out or the pixel size is unknown.
 */
export function decodeRice(bytes: Uint8Array, count: number, blockSize: number, bytesPerPixel: number): Int32Array | null {
  const code = CODES[bytesPerPixel];
  if (!code || bytes.length < bytesPerPixel || blockSize < 1) return null;
  const out = new Int32Array(count);
  const reader = new BitReader(bytes);
  const wrap = (value: number): number => (bytesPerPixel === 4 ? value | 0 : bytesPerPixel === 2 ? (value << 16) >> 16 : value & 255);
  let last = wrap(reader.bits(8 * bytesPerPixel));
  for (let start = 0; start < count; start += blockSize) {
    const end = Math.min(start + blockSize, count);
    const split = reader.bits(code.splitBits) - 1;
    for (let i = start; i < end; i++) {
      if (split >= 0) {
        const folded = split === code.rawSplit ? reader.bits(8 * bytesPerPixel) : ((reader.zeros() << split) | reader.bits(split)) >>> 0;
        last = wrap(last + ((folded & 1) === 1 ? ~(folded >>> 1) : folded >>> 1));
      }
      out[i] = last;
    }
    if (reader.exhausted) return null;
  }
  return out;
}

class BitReader {
  /** True once more bits were asked for than there are. */
  exhausted = false;
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next `n` ≤ 32 bits as an unsigned integer; 0 beyond the end. */
  bits(n: number): number {
    let value = 0;
    for (let left = n; left > 0;) {
      const byte = this.#byte();
      const free = 8 - (this.#position & 7);
      const take = Math.min(free, left);
      value = value * 2 ** take + ((byte >> (free - take)) & (2 ** take - 1));
      this.#position += take;
      left -= take;
    }
    return value;
  }

  /** Number of 0 bits before the next 1, which is consumed. */
  zeros(): number {
    let n = 0;
    while (!this.exhausted && this.bits(1) === 0) n++;
    return n;
  }

  #byte(): number {
    const byte = this.#bytes[this.#position >> 3];
    if (byte === undefined) this.exhausted = true;
    return byte ?? 0;
  }
}
