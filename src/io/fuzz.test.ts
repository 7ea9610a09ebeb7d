/** A tenth of the fuzz corpus; all of it: `npm run validate -- fuzz`. */
import { expect, it } from 'vitest';
import { fuzzFile } from '../testing/fuzzCorpus.ts';
import { readSpectra } from './readSpectra.ts';

it('200 damaged files by seed: each a spectrum or a named failure with a next step, within two seconds of the processor', () => {
  const slow: string[] = [];
  for (let seed = 0; seed < 200; seed++) {
    const { name, bytes } = fuzzFile(seed);
    const start = process.cpuUsage();
    const result = readSpectra(name, bytes);
    const used = process.cpuUsage(start);
    if (used.user + used.system > 2e6) slow.push(`${name}: ${String((used.user + used.system) / 1e6)} s`);
    if (result.ok) expect(result.value.length, name).toBeGreaterThan(0);
    else expect(result.failure.code, name).toMatch(/^[A-Z_0-9]+$/);
  }
  expect(slow).toEqual([]);
  expect(Object.keys(Object.prototype)).toEqual([]);
}, 300_000);
