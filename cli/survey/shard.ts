/** Shares of a survey: which spectra are whose, by their names alone, so that processes on many machines need not talk to each other. */
import { createHash } from 'node:crypto';
import { failed, success, type Result } from '../../src/domain/result.ts';

/** Share `index` of `count`, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export const WHOLE: Shard = { index: 1, count: 1 };

/** Reads `3/8`; failure `BAD_OPTION`. */
export function parseShard(text: string | undefined): Result<Shard> {
  if (text === undefined) return success(WHOLE);
  const match = /^(\d+)\/(\d+)$/.exec(text.trim());
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || !(index >= 1 && index <= count && count <= 1e6))
    return failed('BAD_OPTION', `--shard is "${text}".`, 'Give i/n with 1 ≤ i ≤ n, e.g. --shard 3/8.');
  return success({ index, count });
}

/** Whether a name falls in a share. It depends on the name only, not on the order or length of a list. */
function owned({ index, count }: Shard, name: string): boolean {
  if (count === 1) return true;
  const digest = createHash('sha256').update(name).digest();
  return (digest.readUInt32BE(0) * 65536 + digest.readUInt16BE(4)) % count === index - 1;
}

/**
 * What of a source falls in a share: whole files, by their names; of a source that is one file of many spectra, single spectra, by their number.
 */
export interface Ownership {
  file(name: string): boolean;
  spectrum(name: string, index: number): boolean;
}

export const ownership = (shard: Shard, by: 'file' | 'spectrum'): Ownership =>
  by === 'file'
    ? { file: (name) => owned(shard, name), spectrum: () => true }
    : { file: () => true, spectrum: (name, index) => owned(shard, `${name}\n${String(index)}`) };
