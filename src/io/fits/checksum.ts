/** DATASUM and CHECKSUM of an HDU (FITS standard 4.0, section 4.4.2.7 and appendix J): damage that leaves the structure whole. */
import type { FitsHeader } from './header.ts';

/** One's-complement sum of the big-endian 32-bit words from `from` to `to`; bytes beyond the file count as 0. */
export function onesComplementSum(bytes: Uint8Array, from: number, to: number): number {
  const end = Math.min(to, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let high = 0;
  let low = 0;
  let at = from;
  for (; at + 4 <= end; at += 4) {
    high += view.getUint16(at);
    low += view.getUint16(at + 2);
  }
  for (let k = 0; at + k < end; k++) {
    const byte = (bytes[at + k] ?? 0) << (k % 2 === 0 ? 8 : 0);
    if (k < 2) high += byte;
    else low += byte;
  }
  // Carries of either half go to the other, until none is left. The halves stay exact: 2^16 times 2^30 words is below 2^53.
  while (high > 0xffff || low > 0xffff) {
    const [carryHigh, carryLow] = [Math.floor(high / 65_536), Math.floor(low / 65_536)];
    high = (high % 65_536) + carryLow;
    low = (low % 65_536) + carryHigh;
  }
  return high * 65_536 + low;
}

/** What disagrees, in words. Keywords that are absent, empty or 0 claim nothing; a CHECKSUM of zeros likewise. */
export function checksumWarnings(
  bytes: Uint8Array,
  index: number,
  header: FitsHeader,
  headerStart: number,
  dataStart: number,
  end: number,
): readonly string[] {
  const stated = Number(header.text('DATASUM') ?? header.number('DATASUM') ?? NaN);
  const checksum = header.text('CHECKSUM') ?? '';
  const isSet = Number.isInteger(stated) && stated > 0;
  if (!isSet && !/^[0-9A-Za-z]{16}$/.test(checksum)) return [];
  if (isSet) {
    const sum = onesComplementSum(bytes, dataStart, end);
    if (sum !== stated && !(sum === 0xffffffff && stated === 0)) {
      return [
        `DATASUM of HDU ${index} is ${stated}, but its data add up to ${sum}: the data were damaged or changed after they were written.`,
      ];
    }
  }
  if (!/^[0-9A-Za-z]{16}$/.test(checksum) || checksum === '0'.repeat(16)) return [];
  const whole = onesComplementSum(bytes, headerStart, end);
  if (whole === 0xffffffff || whole === 0) return [];
  return [`CHECKSUM of HDU ${index} disagrees with its content: the header was changed after it was written, or is damaged.`];
}
