import { beforeAll, describe, expect, it, vi } from 'vitest';
import { CANCELLED } from '../domain/client.ts';
import { gradientFromJacobian } from '../domain/emulator.ts';
import type { EmulatedJacobian, Emulator, FluxSeed } from '../domain/emulator.ts';
import type { FitOptions, FitProgress, FitResult } from '../domain/fit.ts';
import type { LabelName } from '../domain/labels.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { randomStream } from '../math/random.ts';
import { vacuumToAirArray } from '../spectra/airVacuum.ts';
import { simulateSpectrum } from '../spectra/simulate.ts';
import { ToyEmulator, toyLabels } from '../testing/toyEmulator.ts';
import { DEFAULT_FIT_OPTIONS, DEFAULT_TUNING } from './defaults.ts';
import { fitSpectrum } from './fitSpectrum.ts';

const LABELS: LabelName[] = ['teff', 'logg', 'vmic', 'feh', 'C', 'Mg', 'Ca', 'Ti', 'Ni', 'Eu'];
const toy = new ToyEmulator({ labels: LABELS, from: 4400, to: 6200, linesPerElement: 8 });
/** The toy is the truth: it has no error of its own. */
const exact = { ...DEFAULT_TUNING, errorFloor: () => 0, observedMasks: [] };
const lm: FitOptions = { ...DEFAULT_FIT_OPTIONS, method: 'lm', range: [4450, 6150] };
const TYPICAL = toyLabels(toy, [5400, 3.9, 1.1, -0.4], (i) => (i % 2 === 0 ? 0.1 : -0.1));

async function observe(truth: Float64Array, more: Partial<Parameters<typeof simulateSpectrum>[1]> = {}): Promise<Spectrum> {
  const [flux] = await toy.predict([truth]);
  if (flux === undefined) throw new Error('no flux');
  const lsf = { kind: 'resolving-power', resolvingPower: 1800 } as const;
  return simulateSpectrum({ flux, grid: toy.info.grid, resolvingPower: 5000 }, { id: 'toy', lsf, snr: 100, rv: 40, seed: 1, ...more });
}

async function fit(spectrum: Spectrum, options = lm, tuning = exact): Promise<FitResult> {
  const result = await fitSpectrum(spectrum, toy, options, {}, tuning);
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}

const pullsOf = (result: FitResult, truth: Float64Array) =>
  result.labels.map((label, i) => (label.value - (truth[i] ?? NaN)) / label.sigma);

describe('fit of a simulated star', { timeout: 120_000 }, () => {
  let spectrum: Spectrum;
  let result: FitResult;
  beforeAll(async () => {
    spectrum = await observe(TYPICAL);
    result = await fit(spectrum);
  }, 120_000);

  it('converges near the truth and says so in every field', () => {
    expect(result.converged).toBe(true);
    for (const pull of pullsOf(result, TYPICAL)) expect(Math.abs(pull)).toBeLessThan(4);
    expect(Math.abs(result.rv.value - 40)).toBeLessThan(4 * result.rv.sigma);
    expect(result.chi2Reduced).toBeGreaterThan(0.85);
    expect(result.chi2Reduced).toBeLessThan(1.15);
    expect(Math.abs(result.resolvingPower - 1800)).toBeLessThan(120);
    expect(result.covariance.length).toBe(LABELS.length ** 2);
    expect(result.modelFlux.length).toBe(spectrum.flux.length);
    expect(result.used.reduce((a, b) => a + b)).toBe(result.pixelsUsed);
    const sigma = result.labels.map((label) => label.sigma);
    expect(Math.sqrt(result.covariance[0] ?? NaN)).toBeCloseTo(sigma[0] ?? NaN, 8);
  });

  it('residuals are unit normal where used and NaN elsewhere', () => {
    const used = result.residuals.filter(Number.isFinite);
    expect(used.length).toBe(result.pixelsUsed);
    const rms = Math.sqrt(used.reduce((total, r) => total + r * r, 0) / used.length);
    expect(rms).toBeGreaterThan(0.9);
    expect(rms).toBeLessThan(1.1);
  });

  it('smooth curve: data times a quartic of 50 % range give the same labels to 0.1 σ', async () => {
    const bend = (w: number) => {
      const x = (w - 5300) / 900;
      return 1 + 0.25 * x - 0.15 * x ** 2 + 0.05 * x ** 3 + 0.12 * x ** 4;
    };
    const factor = spectrum.wavelength.map(bend);
    const range = factor.reduce((a, f) => Math.max(a, f)) / factor.reduce((a, f) => Math.min(a, f));
    expect(range).toBeGreaterThan(1.5);
    const bent = {
      ...spectrum,
      flux: spectrum.flux.map((flux, p) => 1e-17 * flux * (factor[p] ?? 1)),
      ivar: spectrum.ivar.map((w, p) => w / (1e-17 * (factor[p] ?? 1)) ** 2),
    };
    const other = await fit(bent);
    other.labels.forEach((label, i) => {
      expect(Math.abs(label.value - (result.labels[i]?.value ?? NaN)) / label.sigma).toBeLessThan(0.1);
    });
  });

  it('CMA-ES finds the optimum that Levenberg–Marquardt finds, and repeats with its seed', async () => {
    const options: FitOptions = { ...lm, method: 'cmaes', seed: 3 };
    const [a, b] = [await fit(spectrum, options), await fit(spectrum, options)];
    a.labels.forEach((label, i) => {
      expect(Math.abs(label.value - (result.labels[i]?.value ?? NaN)) / label.sigma).toBeLessThan(0.15);
    });
    expect(b.labels).toEqual(a.labels);
    expect(b.evaluations).toBe(a.evaluations);
    expect(a.evaluations).toBeLessThan(2000);
  });

  it('the same spectrum in air gives the same labels', async () => {
    const air = { ...spectrum, wavelength: vacuumToAirArray(spectrum.wavelength), medium: 'air' as const };
    const other = await fit(air);
    other.labels.forEach((label, i) => {
      expect(Math.abs(label.value - (result.labels[i]?.value ?? NaN)) / label.sigma).toBeLessThan(0.05);
    });
  });

  it('cosmic rays are clipped and do not move the labels', async () => {
    const flux = spectrum.flux.slice();
    for (const p of [200, 421, 422, 800, 1100]) flux[p] = (flux[p] ?? 0) * 3;
    const other = await fit({ ...spectrum, flux });
    expect(other.used[421]).toBe(0);
    expect(other.warnings.join()).toMatch(/clipped/);
    other.labels.forEach((label, i) => {
      expect(Math.abs(label.value - (result.labels[i]?.value ?? NaN)) / label.sigma).toBeLessThan(1);
    });
  });

  it('a spectrum without errors is scaled to χ² = 1, and says so', async () => {
    const other = await fit({ ...spectrum, ivarIsMeasured: false, ivar: spectrum.ivar.map((w) => 25 * w) });
    expect(other.chi2Reduced).toBeGreaterThan(0.8);
    expect(other.chi2Reduced).toBeLessThan(1.2);
    expect(other.warnings.join()).toMatch(/no errors/);
    expect(Math.abs((other.labels[0]?.sigma ?? NaN) / (result.labels[0]?.sigma ?? NaN) - 1)).toBeLessThan(0.15);
  });

  it('an element that leaves no trace returns its prior and is called prior-dominated', async () => {
    const mute = new ToyEmulator({ labels: LABELS, from: 4400, to: 6200, linesPerElement: 8 });
    const original = mute.jacobian.bind(mute);
    const k = LABELS.indexOf('Eu');
    const silence = (labels: Float64Array) => labels.map((value, i) => (i === k ? 0 : value));
    const jacobian = async (labels: Float64Array): Promise<EmulatedJacobian> => {
      const value = await original(silence(labels));
      return { ...value, derivatives: value.derivatives.map((d, i) => (i === k ? new Float32Array(d.length) : d)) };
    };
    const emulator: Emulator = {
      info: mute.info,
      backend: mute.backend,
      wavelength: mute.wavelength,
      batch: mute.batch,
      predict: (batch: readonly Float64Array[]) => mute.predict(batch.map(silence)),
      gradient: async (labels, seed) => gradientFromJacobian(await jacobian(labels), seed),
      jacobian,
      dispose: () => undefined,
    };
    const other = await fitSpectrum(spectrum, emulator, lm, {}, exact);
    if (!other.ok) throw new Error(other.failure.message);
    const eu = other.value.labels[k];
    expect(eu?.value).toBeCloseTo(0, 2);
    expect(eu?.sigma).toBeCloseTo(0.3, 2);
    expect(eu?.flags).toEqual(['prior-dominated']);
    expect(other.value.labels[3]?.flags).toEqual([]);
  });
});

describe('injection and recovery', { timeout: 120_000 }, () => {
  it('pulls of 24 stars have no bias and unit width', async () => {
    const random = randomStream(17);
    const pulls: number[] = [];
    for (let s = 0; s < 24; s++) {
      const vmic = 0.9 + 0.6 * random.uniform();
      const truth = toyLabels(
        toy,
        [4500 + 2200 * random.uniform(), 1.2 + 3.4 * random.uniform(), vmic, -1.2 + 1.4 * random.uniform()],
        () => 0.2 * random.normal(),
      );
      const rv = -200 + 400 * random.uniform();
      const result = await fit(await observe(truth, { snr: 40 + 60 * random.uniform(), seed: s, rv }));
      // v_mic was not drawn from its prior, so its own pull says nothing.
      pulls.push(...pullsOf(result, truth).filter((_, i) => LABELS[i] !== 'vmic'), (result.rv.value - rv) / result.rv.sigma);
    }
    const n = pulls.length;
    const mean = pulls.reduce((a, b) => a + b, 0) / n;
    const rms = Math.sqrt(pulls.reduce((a, b) => a + b * b, 0) / n);
    // 240 pulls, correlated within a star: the error of the mean is near 0.1, that of the rms near 0.07.
    expect(Math.abs(mean)).toBeLessThan(0.3);
    expect(rms).toBeGreaterThan(0.8);
    expect(rms).toBeLessThan(1.2);
  });

  it('exposures of one star scatter by what σ says of the exposure, while σ holds the model’s error as well', async () => {
    const withFloor = { ...exact, errorFloor: () => 0.03, adaptiveWindow: 0, huber: Infinity };
    const visits: FitResult[] = [];
    for (let seed = 0; seed < 30; seed++) visits.push(await fit(await observe(TYPICAL, { snr: 50, seed }), lm, withFloor));
    const ratios = ['teff', 'feh', 'Mg', 'Ca', 'Ti', 'Ni'].map((name) => {
      const labels = visits.flatMap((visit) => visit.labels.find((label) => label.name === name) ?? []);
      const mean = labels.reduce((sum, { value }) => sum + value, 0) / labels.length;
      const scatter = Math.sqrt(labels.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (labels.length - 1));
      const [{ sigma, exposureSigma = NaN } = { sigma: NaN }] = labels;
      expect(exposureSigma).toBeLessThan(0.8 * sigma);
      return scatter / exposureSigma;
    });
    // Velocity and widths are the same in all visits here, and allowed for in the prediction.
    expect(Math.min(...ratios)).toBeGreaterThan(0.6);
    expect(Math.max(...ratios)).toBeLessThan(1.35);
    expect(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length).toBeGreaterThan(0.75);
  });

  it('a file without errors says nothing of the exposure', async () => {
    const result = await fit({ ...(await observe(TYPICAL)), ivarIsMeasured: false });
    expect(result.labels.every(({ exposureSigma }) => exposureSigma === undefined)).toBe(true);
  });

  it.each([-600, -310, -83, 0, 150, 420, 600])('velocity %d km/s is recovered', async (rv) => {
    const result = await fit(await observe(TYPICAL, { rv, snr: 60, seed: 4 }));
    expect(Math.abs(result.rv.value - rv)).toBeLessThan(4 * result.rv.sigma);
    expect(result.rv.sigma).toBeLessThan(6);
  });

  it('a constant FWHM in Å and extra broadening are handled', async () => {
    const result = await fit(await observe(TYPICAL, { lsf: { kind: 'fwhm', fwhm: 2.5 }, broadening: 40, seed: 6 }));
    for (const pull of pullsOf(result, TYPICAL)) expect(Math.abs(pull)).toBeLessThan(4);
    const fwhm = Math.hypot(2.5, ((40 * 2.3548) / 299792.458) * 5500);
    expect(Math.abs(result.resolvingPower - 5500 / fwhm)).toBeLessThan(150);
  });

  it('labels beyond the box stop at its wall and say so', async () => {
    const result = await fit(await observe(toyLabels(toy, [5400, 3.9, 1.1, 0.9]), { seed: 2 }));
    const feh = result.labels.find((label) => label.name === 'feh');
    expect(feh?.value).toBeLessThan(0.6);
    expect(feh?.flags.some((flag) => flag === 'at-bound' || flag === 'out-of-range')).toBe(true);
  });
});

describe('progress and cancel', { timeout: 120_000 }, () => {
  it('progress carries stages, labels and a model, at most ten a second', async () => {
    const spectrum = await observe(TYPICAL);
    const seen: FitProgress[] = [];
    await fitSpectrum(spectrum, toy, { ...lm, method: 'cmaes' }, { onProgress: (p) => seen.push(p) }, exact);
    expect(new Set(seen.map((p) => p.stage))).toEqual(new Set(['velocity', 'search', 'optimise', 'errors']));
    const last = seen.filter((p) => p.best !== null).at(-1);
    expect(last?.best?.model.length).toBe(spectrum.flux.length);
    expect(Object.keys(last?.best?.labels ?? {})).toEqual(LABELS);
    seen.reduce((before, p) => {
      expect(p.fraction).toBeGreaterThanOrEqual(before);
      return p.fraction;
    }, 0);
  });

  /** The toy with a count of its calls, and something that happens in the middle of each. */
  function watched(during: (call: number) => void): { readonly emulator: Emulator; calls: number } {
    const watch = {
      calls: 0,
      emulator: {
        info: toy.info,
        backend: toy.backend,
        wavelength: toy.wavelength,
        batch: toy.batch,
        predict: (labels: readonly Float64Array[]) => {
          during(++watch.calls);
          return toy.predict(labels);
        },
        jacobian: (labels: Float64Array) => {
          during(++watch.calls);
          return toy.jacobian(labels);
        },
        gradient: (labels: Float64Array, seed: FluxSeed) => {
          during(++watch.calls);
          return toy.gradient(labels, seed);
        },
        dispose: () => undefined,
      },
    };
    return watch;
  }

  it.each(['lm', 'cmaes'] as const)('%s: no call of the emulator begins after a cancel, whenever it comes', async (method) => {
    const spectrum = await observe(TYPICAL);
    const options = { ...lm, method, maxEvaluations: 300 };
    const whole = watched(() => undefined);
    await fitSpectrum(spectrum, whole.emulator, options, {}, exact);
    // Each stage: templates, starts, search, polish.
    for (const share of [0, 0.1, 0.2, 0.3, 0.6, 0.95]) {
      const at = Math.max(1, Math.round(share * whole.calls));
      const controller = new AbortController();
      const watch = watched((call) => {
        if (call === at) controller.abort();
      });
      const result = await fitSpectrum(spectrum, watch.emulator, options, { isCancelled: controller.signal }, exact);
      expect(result.ok ? '' : result.failure.code).toBe(CANCELLED);
      expect(watch.calls).toBe(at);
    }
  });

  it('cancelled before it began; paused, it makes no call, and goes on to the same digits', async () => {
    const spectrum = await observe(TYPICAL);
    const at = await fitSpectrum(spectrum, toy, lm, { isCancelled: () => true }, exact);
    expect(at.ok ? '' : at.failure.code).toBe(CANCELLED);

    const plain = await fit(spectrum);
    let wait: Promise<void> | null = null;
    let resume: () => void = () => undefined;
    const watch = watched((call) => {
      if (call !== 12) return;
      wait = new Promise((resolve) => {
        resume = () => {
          wait = null;
          resolve();
        };
      });
    });
    const held = fitSpectrum(spectrum, watch.emulator, lm, { held: () => wait }, exact);
    await vi.waitUntil(() => watch.calls === 12, { timeout: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(watch.calls).toBe(12);
    resume();
    const result = await held;
    if (!result.ok) throw new Error(result.failure.message);
    expect(result.value.labels).toEqual(plain.labels);
    expect(result.value.rv).toEqual(plain.rv);
  });
});

describe('input that cannot be fitted is named', { timeout: 120_000 }, () => {
  const failureOf = async (spectrum: Spectrum, options = lm) => {
    const result = await fitSpectrum(spectrum, toy, options, {}, exact);
    return result.ok ? 'ok' : `${result.failure.code} ${result.failure.message}${result.failure.hint === undefined ? ' (no hint)' : ''}`;
  };

  it('outside the wavelength range', async () => {
    const spectrum = await observe(TYPICAL);
    expect(await failureOf({ ...spectrum, wavelength: spectrum.wavelength.map((w) => w * 3) })).toMatch(/^NO_OVERLAP .*13\d\d\d/);
    expect(await failureOf({ ...spectrum, wavelength: spectrum.wavelength.map((w) => w / 10) })).toMatch(/^NO_OVERLAP/);
  });

  it('all masked, or almost', async () => {
    const spectrum = await observe(TYPICAL);
    const n = spectrum.flux.length;
    expect(await failureOf({ ...spectrum, ivar: new Float64Array(n) })).toMatch(/^ALL_MASKED/);
    expect(await failureOf({ ...spectrum, mask: new Int32Array(n).fill(1) })).toMatch(/^ALL_MASKED/);
    expect(await failureOf({ ...spectrum, ivar: spectrum.ivar.map((w, p) => (p % 20 === 0 ? w : 0)) })).toMatch(/^TOO_FEW_PIXELS/);
    expect(await failureOf(spectrum, { ...lm, maskedRegions: [{ from: 4000, to: 7000, why: 'all of it' }] })).toMatch(/^ALL_MASKED/);
  });

  it('noise without a star', async () => {
    const spectrum = await observe(TYPICAL);
    const random = randomStream(8);
    const noise = { ...spectrum, flux: spectrum.flux.map(() => 100 + random.normal()), ivar: spectrum.flux.map(() => 1) };
    expect(await failureOf(noise)).toMatch(/^RV_NOT_FOUND/);
  });

  it('arrays that do not fit, wavelengths out of order, an empty range', async () => {
    const spectrum = await observe(TYPICAL);
    expect(await failureOf({ ...spectrum, wavelength: new Float64Array(0) })).toMatch(/^BAD_SPECTRUM/);
    expect(await failureOf({ ...spectrum, wavelength: spectrum.wavelength.slice().reverse() })).toMatch(/^BAD_SPECTRUM/);
    expect(await failureOf(spectrum, { ...lm, range: [6000, 5000] })).toMatch(/^BAD_RANGE/);
    expect(await failureOf({ ...spectrum, flux: new Float64Array(spectrum.flux.length) })).toMatch(/^BAD_SPECTRUM/);
  });

  it('an emulator that gives NaN', async () => {
    const broken = new ToyEmulator({ labels: LABELS, from: 4400, to: 6200 });
    broken.jacobian = (labels) => toy.jacobian(labels).then((value) => ({ ...value, flux: value.flux.map(() => NaN) }));
    const result = await fitSpectrum(await observe(TYPICAL), broken, lm, {}, exact);
    expect(result.ok ? '' : result.failure.code).toMatch(/MODEL_NOT_FINITE/);
  });

  it('low S/N and heavy masks only warn; NaN and zero-variance pixels are left out', async () => {
    const spectrum = await observe(TYPICAL, { snr: 9 });
    const flux = spectrum.flux.slice();
    flux[500] = NaN;
    const ivar = spectrum.ivar.map((w, p) => (Math.floor(p / 100) % 5 < 3 ? 0 : w));
    ivar[510] = Infinity;
    const result = await fit({ ...spectrum, flux, ivar });
    expect(result.warnings.join()).toMatch(/S\/N of 9\.0/);
    expect(result.warnings.join()).toMatch(/% of the pixels/);
    expect(result.used[500]).toBe(0);
    expect(result.used[510]).toBe(0);
    expect(result.labels.every((label) => Number.isFinite(label.value) && label.sigma > 0)).toBe(true);
  });
});
