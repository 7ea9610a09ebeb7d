import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { concat } from '../testing/fitsBuilder.ts';
import { failureOf, valueOf } from '../testing/result.ts';
import { gunzip } from './gunzip.ts';

const text = (s: string): Uint8Array => new TextEncoder().encode(s);
const plain = text('a spectrum, a spectrum, a spectrum. '.repeat(2000));

describe('gunzip', () => {
  it('joins all members', () => {
    expect(valueOf(gunzip(concat([gzipSync(plain), gzipSync(text('and more'))])))).toEqual(concat([plain, text('and more')]));
  });
  it.each([1, 3, 4, 100])('ignores %i trailing bytes, as gzip does', (count) => {
    const result = gunzip(concat([gzipSync(plain), new Uint8Array(count)]));
    expect(valueOf(result)).toEqual(plain);
  });
  it('says so when it ignores something', () => {
    const result = gunzip(concat([gzipSync(plain), text('trailing words')]));
    expect(result.ok && result.warnings[0]).toContain('after the end');
  });
  it.each([20, 60, 100])('a file cut after %i bytes is damaged', (length) => {
    const failure = failureOf(gunzip(gzipSync(plain).subarray(0, length)));
    expect(failure.code).toBe('GZIP_DAMAGED');
    expect(failure.message).toContain(`${length} bytes`);
  });
  it('a wrong checksum is damage', () => {
    const bytes = gzipSync(plain);
    const at = bytes.length - 6;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    expect(failureOf(gunzip(bytes)).message).toContain('checksum');
  });
});
