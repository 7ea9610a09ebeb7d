/** Odd files after public bug reports, with truths by astropy (`odd/expected.json`): each is read as it should be, or refused with a next step. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { median } from '../math/statistics.ts';
import { describeWithShared } from '../testing/shared.ts';
import { airToVacuumArray } from '../spectra/airVacuum.ts';
import { readSpectra } from './readSpectra.ts';

interface Truth {
  readonly n?: number;
  readonly first?: number;
  readonly last?: number;
  readonly good?: number;
  readonly flux_median?: number;
  readonly snr?: number;
  readonly R?: number;
  readonly medium?: string;
  readonly warn?: string;
  readonly nspectra?: number;
  readonly refuse?: boolean;
}

describeWithShared('odd files', (shared) => {
  const folder = join(shared, 'spectra/odd');
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, { truth?: Truth }>;
  const names = readdirSync(folder).filter((name) => !/README|expected/.test(name));

  it('has truths for every file', () => {
    expect(names.filter((name) => expected[name] === undefined)).toEqual([]);
  });

  it.each(names)('%s', (name) => {
    const truth = expected[name]?.truth ?? {};
    const result = readSpectra(name, new Uint8Array(readFileSync(join(folder, name))));
    if (truth.refuse === true || name.startsWith('negative')) {
      expect(result.ok).toBe(false);
      if (!result.ok) expect(result.failure.hint?.length).toBeGreaterThan(10);
      return;
    }
    expect(result.ok ? '' : result.failure).toBe('');
    if (!result.ok) return;
    const notices = result.warnings.join('\n');
    const [s] = result.value;
    if (!s) throw new Error('no spectrum');
    if (truth.nspectra !== undefined) expect(result.value).toHaveLength(truth.nspectra);
    const good = [...s.ivar.keys()].filter((p) => (s.ivar[p] ?? 0) > 0);
    if (truth.n !== undefined) expect(s.wavelength).toHaveLength(truth.n);
    // Truths of files whose medium is to be found out are in vacuum.
    const vacuum = truth.medium === 'air' ? airToVacuumArray(s.wavelength) : s.wavelength;
    if (truth.first !== undefined) expect(vacuum[0]).toBeCloseTo(truth.first, 2);
    if (truth.last !== undefined) expect(vacuum.at(-1)).toBeCloseTo(truth.last, 2);
    if (truth.good !== undefined) expect(good).toHaveLength(truth.good);
    if (truth.medium !== undefined) expect(s.medium).toBe(truth.medium);
    if (truth.R !== undefined) expect(s.lsf).toEqual({ kind: 'resolving-power', resolvingPower: truth.R });
    if (truth.flux_median !== undefined) {
      const fluxes = good.map((p) => s.flux[p] ?? NaN);
      // The truth counts pixels that are rightly left out here.
      expect(Math.abs(median(fluxes) / truth.flux_median - 1)).toBeLessThan(good.length === s.flux.length ? 1e-6 : 0.02);
    }
    // Guessed errors agree with the true S/N to a factor of two.
    if (truth.snr !== undefined) expect(Math.abs(Math.log(s.snr / truth.snr))).toBeLessThan(0.7);
    const severalRead = truth.nspectra !== undefined && truth.nspectra === result.value.length;
    if (truth.warn !== undefined && !severalRead) expect(notices.toLowerCase()).toContain(truth.warn.toLowerCase());
  });
});
