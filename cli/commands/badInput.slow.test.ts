/** What is not an F, G or K star, or not what it is said to be, through the model that ships: a named failure or an alert, never a confident wrong number. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { FitService } from '../../src/compute/service.ts';
import type { FitResult } from '../../src/domain/fit.ts';
import type { Result } from '../../src/domain/result.ts';
import type { StellarLabels } from '../../src/domain/labels.ts';
import { labelVector } from '../../src/domain/labels.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { unknownSurvey } from '../../src/domain/survey.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { vacuumToAirArray } from '../../src/spectra/airVacuum.ts';
import { simulateSpectrum } from '../../src/spectra/simulate.ts';
import { asSurvey, emissionGalaxy, hotStar, mStar, withCarbonBands } from '../../src/testing/badSpectra.ts';
import { openService } from '../batch/openService.ts';

const DWARF: StellarLabels = { teff: 5700, logg: 4.3, vmic: 1.1, feh: -0.1, xfe: {} };
const GIANT: StellarLabels = { teff: 4600, logg: 2.3, vmic: 1.4, feh: -0.1, xfe: {} };

const namesOf = ({ emulator }: FitService) => emulator.info.labels.map(({ name }) => name);

describe('bad input, through the model that ships', { timeout: 400_000 }, () => {
  let service: FitService;
  let dwarf: Spectrum;
  beforeAll(async () => {
    const opened = await openService({ backend: 'wasm' });
    if (!opened.ok) throw new Error(opened.failure.message);
    service = opened.value;
    dwarf = await star(DWARF);
  }, 400_000);

  async function star(labels: StellarLabels, changes: Partial<Parameters<typeof simulateSpectrum>[1]> = {}): Promise<Spectrum> {
    const flux = await service.predict(labelVector(labels, namesOf(service)));
    const lsf = { kind: 'resolving-power', resolvingPower: 1800 } as const;
    const spectrum = simulateSpectrum({ flux, ...service.emulator.info }, { id: 'star', lsf, snr: 60, rv: 0, seed: 3, ...changes });
    return { ...spectrum, survey: unknownSurvey(), simulated: false };
  }
  const fit = (spectrum: Spectrum): Promise<Result<FitResult>> => service.fit(spectrum, { ...DEFAULT_FIT_OPTIONS, method: 'lm' });
  /** The failure's code, or the codes of the alerts; a result whose labels are spoilt ends with an exclamation mark. */
  async function outcome(spectrum: Spectrum): Promise<string> {
    const result = await fit(spectrum);
    if (!result.ok) {
      expect(result.failure.hint?.length, result.failure.code).toBeGreaterThan(10);
      return result.failure.code;
    }
    const { alerts = [], labels } = result.value;
    const spoilt = alerts.some(({ spoilsLabels }) => spoilsLabels);
    for (const { flags } of labels) expect(flags.includes('unreliable')).toBe(spoilt);
    return `${alerts.map(({ code }) => code).join(' ')}${spoilt ? '!' : ''}`;
  }

  it('a good star raises no alert, and its wavelengths in air taken for vacuum one', async () => {
    expect(await outcome(dwarf)).toBe('');
    expect(await outcome({ ...dwarf, wavelength: vacuumToAirArray(dwarf.wavelength) })).toBe('WRONG_MEDIUM');
  });

  it('a hot star', async () => {
    expect(await outcome(asSurvey('hot', hotStar, 80))).toMatch(/^RV_NOT_FOUND$|!$/);
  });
  it('an M star', async () => {
    expect(await outcome(asSurvey('cool', mStar, 60))).toMatch(/^RV_NOT_FOUND$|!$/);
  });
  it('a carbon star', async () => {
    expect(await outcome(withCarbonBands(await star(GIANT)))).toMatch(/MOLECULAR_BANDS.*!$/);
  });
  it('galaxies: emission lines, and old stars at rest and beyond', async () => {
    expect(await outcome(asSurvey('emission', emissionGalaxy(0.03), 30))).toMatch(/^RV_NOT_FOUND$|!$/);
    const old = await star(GIANT, { broadening: 250 });
    expect(await outcome(old)).toMatch(/BROAD_LINES.*!$/);
    expect(await outcome({ ...old, wavelength: old.wavelength.map((value) => 1.05 * value) })).toMatch(/^RV_NOT_FOUND$|!$/);
  });

  it('S/N below 3: honest errors and a notice, or no velocity', async () => {
    const faint = await fit(await star(DWARF, { snr: 2.8 }));
    if (!faint.ok) throw new Error(faint.failure.code);
    expect(faint.value.alerts?.map(({ code }) => code)).toEqual(['LOW_SIGNAL']);
    const teff = faint.value.labels.find(({ name }) => name === 'teff');
    expect(Math.abs((teff?.value ?? NaN) - DWARF.teff)).toBeLessThan(4 * (teff?.sigma ?? NaN));
    expect(faint.value.labels.filter(({ flags }) => flags.length > 0).length).toBeGreaterThan(20);
    expect(await outcome(await star(DWARF, { snr: 0.7 }))).toBe('RV_NOT_FOUND');
  });

  it('200 Å of spectrum, and none', async () => {
    const short = { ...dwarf, ivar: dwarf.ivar.map((w, p) => (Math.abs((dwarf.wavelength[p] ?? 0) - 5200) < 100 ? w : 0)) };
    const result = await fit(short);
    if (!result.ok) throw new Error(result.failure.code);
    expect(result.value.alerts?.map(({ code }) => code)).toEqual(['SHORT_RANGE']);
    const truth = labelVector(DWARF, namesOf(service));
    result.value.labels.forEach(({ value, sigma }, i) => {
      expect(Math.abs(value - (truth[i] ?? NaN)) / sigma).toBeLessThan(4);
    });
    expect(await outcome({ ...dwarf, ivar: new Float64Array(dwarf.ivar.length) })).toBe('ALL_MASKED');
  });

  it('wrong units: nm for Å, magnitudes for flux', async () => {
    expect(await outcome({ ...dwarf, wavelength: dwarf.wavelength.map((value) => value / 10) })).toBe('NO_OVERLAP');
    const positive = dwarf.flux.map((value) => Math.max(1, value));
    const magnitudes = {
      flux: positive.map((value) => 25 - 2.5 * Math.log10(value)),
      ivar: dwarf.ivar.map((w, p) => w * ((positive[p] ?? 1) / 1.0857) ** 2),
    };
    expect(await outcome({ ...dwarf, ...magnitudes })).toMatch(/^RV_NOT_FOUND$|!$/);
  });
});
