import { describe, expect, it } from 'vitest';
import type { Spectrum } from '../domain/spectrum.ts';
import { angstrom } from '../domain/units.ts';
import { randomStream } from '../math/random.ts';
import { airToVacuum, airToVacuumArray, vacuumToAir, vacuumToAirArray } from './airVacuum.ts';
import { ContinuumProfiler } from './continuum.ts';
import { applyOperator, buildOperator, convolveLnGrid, lsfSigma, restLn, sampleAtLogStep } from './lsf.ts';
import type { MaskRegion } from './masks.ts';
import { DIFFUSE_BANDS, OBSERVED_FRAME_MASKS, clipOutliers, goodPixels, modelErrorFloor } from './masks.ts';
import { resolvingPowerAt } from './resolvingPower.ts';
import { simulateSpectrum } from './simulate.ts';
import { madeUpSpectrum } from '../testing/fit.ts';

const at = (values: ArrayLike<number>, i: number): number => values[i];

describe('air and vacuum', () => {
  it('Hα: 6562.79 Å in air is 6564.60 Å in vacuum (NIST)', () => {
    expect(airToVacuum(angstrom(6562.79))).toBeCloseTo(6564.6, 2);
  });
  it('round trip is better than 1e-4 Å from 3500 to 10 000 Å', () => {
    const vacuum = Float64Array.from({ length: 651 }, (_, i) => 3500 + 10 * i);
    const back = airToVacuumArray(vacuumToAirArray(vacuum));
    for (let i = 0; i < vacuum.length; i++) expect(Math.abs(at(back, i) - at(vacuum, i))).toBeLessThan(1e-4);
    expect(vacuumToAir(angstrom(1500))).toBe(1500);
  });
});

const grid = { lnStart: Math.log(5000), lnStep: 1 / 15000, count: 1500 };
const nativeSigma = 1 / 5000 / 2.3548200450309493;

/** Three Gaussian lines of native width in closed form, seen at total σ (ln λ). */
const CENTRES = [5060.3, 5201.17, 5400.9];
function lines(ln: number, sigma: number): number {
  return CENTRES.reduce(
    (flux, centre, k) => flux - ((0.3 + 0.2 * k) * nativeSigma * Math.exp(-0.5 * ((ln - Math.log(centre)) / sigma) ** 2)) / sigma,
    1,
  );
}
const native = Float64Array.from({ length: grid.count }, (_, i) => lines(grid.lnStart + i * grid.lnStep, nativeSigma));

describe('LSF operator', () => {
  const wavelength = Float64Array.from({ length: 400 }, (_, p) => 5030 + p + 0.1 * Math.sin(p));
  const rv = -143.7;
  const lnRest = restLn(wavelength.map(Math.log), rv);

  it.each([
    { name: 'R = 1800', resolution: () => 1800 },
    { name: 'FWHM 2.5 Å', resolution: (w: number) => w / 2.5 },
    { name: 'R = 4500, nearly native', resolution: () => 4500 },
    { name: 'R = 4950, interpolation', resolution: () => 4950 },
  ])('$name: Doppler shift and convolution agree with the closed form', ({ resolution }) => {
    const sigmaAt = (w: number) => 1 / resolution(w) / 2.35482;
    const variance = wavelength.map((w) => sigmaAt(w) ** 2 - nativeSigma ** 2);
    const out = applyOperator(buildOperator({ grid, lnRest, variance }), native);
    for (let p = 0; p < out.length; p++) expect(Math.abs(at(out, p) - lines(at(lnRest, p), sigmaAt(at(wavelength, p))))).toBeLessThan(2e-3);
  });

  it('agrees with brute-force integration of a finely interpolated kernel', () => {
    const sigma = Math.sqrt((1 / 1800 ** 2 - 1 / 5000 ** 2) / 2.35482 ** 2);
    const out = applyOperator(buildOperator({ grid, lnRest, variance: wavelength.map(() => sigma ** 2) }), native);
    for (let p = 0; p < out.length; p += 7) {
      let sum = 0;
      let norm = 0;
      for (let k = -600; k <= 600; k++) {
        const weight = Math.exp(-0.5 * (k / 100) ** 2);
        sum += weight * lines(at(lnRest, p) + (k / 100) * sigma, nativeSigma);
        norm += weight;
      }
      expect(at(out, p)).toBeCloseTo(sum / norm, 4);
    }
  });

  it('never sharpens: a blunter native spectrum is only interpolated', () => {
    const variance = wavelength.map(() => -1e-8);
    const out = applyOperator(buildOperator({ grid, lnRest, variance }), native);
    for (let p = 0; p < out.length; p++) expect(Math.abs(at(out, p) - lines(at(lnRest, p), nativeSigma))).toBeLessThan(2e-3);
  });

  it('integrates over pixels where asked', () => {
    const sigma = 1 / 1800 / 2.35482;
    const width = 4e-4;
    const spec = { grid, lnRest, variance: wavelength.map(() => sigma ** 2 - nativeSigma ** 2), pixelWidth: wavelength.map(() => width) };
    const out = applyOperator(buildOperator(spec), native);
    for (let p = 0; p < out.length; p += 5) {
      let sum = 0;
      for (let k = 0; k < 50; k++) sum += lines(at(lnRest, p) + ((k + 0.5) / 50 - 0.5) * width, sigma) / 50;
      expect(Math.abs(at(out, p) - sum)).toBeLessThan(5e-4);
    }
  });

  it('leaves pixels beyond the native grid uncovered', () => {
    const operator = buildOperator({
      grid,
      lnRest: Float64Array.from([Math.log(4990), Math.log(5200), Math.log(9000)]),
      variance: new Float64Array(3),
    });
    expect([...operator.covered]).toEqual([0, 1, 0]);
  });

  it('convolveLnGrid agrees with the closed form and conserves the level', () => {
    const out = convolveLnGrid(native, grid.lnStep, 5000, 1800);
    const sigma = lsfSigma({ kind: 'resolving-power', resolvingPower: 1800 }, 5000);
    for (let i = 30; i < out.length - 30; i++)
      expect(Math.abs(at(out, i) - lines(grid.lnStart + i * grid.lnStep, sigma))).toBeLessThan(1e-4);
    expect(convolveLnGrid(native, grid.lnStep, 5000, 8000)).toEqual(native);
  });

  it('samples at whole multiples of 1e-4 in log10', () => {
    const sampled = sampleAtLogStep(native, grid);
    for (let p = 0; p < sampled.flux.length; p++) {
      const multiple = Math.log10(at(sampled.wavelength, p)) * 1e4;
      expect(Math.abs(multiple - Math.round(multiple))).toBeLessThan(1e-6);
      expect(Math.abs(at(sampled.flux, p) - lines(Math.log(at(sampled.wavelength, p)), nativeSigma))).toBeLessThan(2e-3);
    }
    expect(sampled.flux.length).toBeGreaterThan(400);
  });
});

describe('continuum', () => {
  const wavelength = Float64Array.from({ length: 600 }, (_, p) => 5000 + p);
  const model = wavelength.map((w) => 1 - 0.5 * Math.exp(-0.5 * ((w - 5300) / 4) ** 2));
  const smooth = (w: number) => 200 + 0.1 * (w - 5000) - 40 * Math.sin(w / 150);

  it('recovers a smooth curve, across a gap too', () => {
    const data = model.map((m, p) => m * smooth(at(wavelength, p)));
    const weight = wavelength.map((w) => (w > 5400 && w < 5430 ? 0 : 1));
    const fit = new ContinuumProfiler(wavelength, data, weight, 100).profile(model);
    expect(fit).not.toBeNull();
    for (let p = 0; p < data.length; p++) expect(Math.abs(at(fit?.continuum ?? [], p) / smooth(at(wavelength, p)) - 1)).toBeLessThan(5e-3);
  });

  it('χ² does not change when data are multiplied by a spline of its own space, and projection removes that space', () => {
    const random = randomStream(5);
    const data = model.map((m) => 100 * m + random.normal());
    const weight = wavelength.map(() => 1);
    const profiler = new ContinuumProfiler(wavelength, data, weight, 150);
    const fit = profiler.profile(model);
    if (fit === null) throw new Error('no continuum');
    const y = model.map((m, p) => m * (3 + at(wavelength, p) / 5000));
    profiler.projectOut(fit, model, y);
    expect(Math.max(...y.map(Math.abs))).toBeLessThan(1e-3);
    const z = wavelength.map(() => random.normal());
    profiler.projectOut(fit, model, z);
    const twice = z.slice();
    profiler.projectOut(fit, model, twice);
    for (let p = 0; p < z.length; p++) expect(at(twice, p)).toBeCloseTo(at(z, p), 3);
  });

  it('has no answer without pixels', () => {
    expect(new ContinuumProfiler(wavelength, model, new Float64Array(600), 100).profile(model)).toBeNull();
  });
});

describe('masks', () => {
  it('clips narrow spikes, keeps a broad misfit', () => {
    const random = randomStream(9);
    const residuals = Float64Array.from({ length: 500 }, () => random.normal());
    residuals[100] = 40;
    residuals[101] = -30;
    for (let p = 300; p < 330; p++) residuals[p] = at(residuals, p) + 20;
    const clipped = clipOutliers(residuals, 6);
    expect([...clipped.subarray(99, 103)]).toEqual([1, 1, 1, 1]);
    expect(clipped.reduce((a, b) => a + b)).toBe(4);
  });

  it('drops NaN, zero-variance, flagged and telluric pixels', () => {
    const flux = new Float32Array(grid.count).fill(1);
    const spectrum = simulateSpectrum(
      { flux, grid: { ...grid, lnStart: Math.log(6850) }, resolvingPower: 5000 },
      {
        id: 'x',
        lsf: { kind: 'resolving-power', resolvingPower: 1800 },
        snr: 50,
        rv: 0,
        seed: 1,
        wavelength: Float64Array.from([6858, 6859, 6860, 6900, 6980]),
      },
    );
    const broken = { ...spectrum, flux: Float64Array.from([NaN, 1, 1, 1, 1]), mask: Int32Array.from([0, 0, 4, 0, 0]) };
    expect([...goodPixels(broken, broken.wavelength, [{ from: 6864, to: 6965, why: 'telluric', cause: 'telluric' }])].slice(0, 4)).toEqual([
      0, 1, 0, 0,
    ]);
  });

  it('diffuse bands are a choice; interstellar regions stay where a spectrum is at rest, telluric ones do not', () => {
    const wavelength = Float64Array.from([5782, 5790, 6284, 6900]);
    const flux = new Float64Array(4).fill(1);
    const spectrum = { ...madeUpSpectrum(4), wavelength, flux, ivar: flux };
    const good = (frame: Spectrum['frame'], regions: readonly MaskRegion[]) => [...goodPixels({ ...spectrum, frame }, wavelength, regions)];
    expect(good('barycentric', OBSERVED_FRAME_MASKS)).toEqual([1, 1, 1, 0]);
    expect(good('barycentric', [...OBSERVED_FRAME_MASKS, ...DIFFUSE_BANDS])).toEqual([0, 1, 0, 0]);
    expect(good('rest', [...OBSERVED_FRAME_MASKS, ...DIFFUSE_BANDS])).toEqual([0, 1, 0, 1]);
  });

  it('R along the spectrum: linear between its nodes, constant beyond, and used by the operator', () => {
    const lsf = { kind: 'table' as const, wavelength: [5000, 5500], resolvingPower: [1500, 2500] };
    expect([4000, 5000, 5250, 6000].map((at) => resolvingPowerAt(lsf, at))).toEqual([1500, 1500, 2000, 2500]);
    expect(lsfSigma(lsf, 5250)).toBeCloseTo(1 / 2000 / 2.35482, 9);
    const observed = simulateSpectrum(
      { flux: native, grid, resolvingPower: 5000 },
      { id: 'x', lsf, snr: Infinity, rv: 0, seed: 1, continuum: () => 1 },
    );
    observed.wavelength.forEach((at_, p) => {
      if (observed.ivar[p] !== 0) expect(Math.abs(at(observed.flux, p) - lines(Math.log(at_), lsfSigma(lsf, at_)))).toBeLessThan(2e-3);
    });
  });

  it('trusts the model less in the blue', () => {
    expect(modelErrorFloor(4000)).toBeGreaterThan(2 * modelErrorFloor(5000));
    expect(modelErrorFloor(6500)).toBeLessThanOrEqual(0.01);
  });
});
