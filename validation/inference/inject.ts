/**
 * An ab initio star as a survey would see it: LAMOST's pixels at R = 1800, a velocity, and the small errors of velocity and of line width
 * along the spectrum that the fit allows for, drawn from the fit's own priors; a smooth response of random shape; Gaussian noise.
 */
import type { EmulatorInfo } from '../../src/domain/emulator.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { NuisanceModel } from '../../src/fit/nuisances.ts';
import { tuningFor } from '../../src/fit/tuning.ts';
import { randomStream } from '../../src/math/random.ts';
import { simulateSpectrum } from '../../src/spectra/simulate.ts';
import type { AbInitioStar } from './abInitio.ts';

export interface Injection {
  readonly spectrum: Spectrum;
  /** Velocity (km/s), its corrections, changes of width: as `NuisanceModel` orders them. */
  readonly nuisances: Float64Array;
}

const LSF = { kind: 'resolving-power', resolvingPower: 1800 } as const;
/** Whole multiples of 1e-4 in log10 λ from 3700 to 9100 Å, as LAMOST has. */
const WAVELENGTH = Float64Array.from({ length: 3910 }, (_, i) => 10 ** (3.5682 + 1e-4 * i));
const RV_RANGE = 300;
/** σ of each coefficient of the cubic (over ±1 from end to end) in the exponent of the response. */
const SHAPE = 0.25;

/** `seed` and the star decide everything but the noise, which differs with S/N as well. */
export function injectStar(star: AbInitioStar, info: EmulatorInfo, snr: number, seed: number): Injection {
  const random = randomStream(seed, star.index);
  const model = new NuisanceModel(info, WAVELENGTH.map(Math.log), LSF, tuningFor({ simulated: true }, info));
  const rv = RV_RANGE * (2 * random.uniform() - 1);
  const nuisances = model.start(rv);
  for (let k = 1; k < model.count; k++) nuisances[k] = (model.scale[k] ?? 0) * random.normal();
  model.clamp(nuisances);
  const [a, b, c] = [SHAPE * random.normal(), SHAPE * random.normal(), SHAPE * random.normal()];
  const continuum = (wavelength: number): number => {
    const x = (wavelength - 6400) / 2700;
    return 1000 * Math.exp(-((x + 0.15) ** 2) + a * x + b * x * x + c * x ** 3);
  };
  const spectrum = simulateSpectrum(
    { flux: star.flux, grid: info.grid, resolvingPower: info.resolvingPower },
    {
      id: `star ${String(star.index)}, S/N ${String(snr)}`,
      lsf: LSF,
      snr,
      rv,
      seed: noiseSeed(seed, star.index, snr),
      wavelength: WAVELENGTH,
      operator: model.operator(nuisances),
      continuum,
    },
  );
  return { spectrum, nuisances };
}

const noiseSeed = (seed: number, index: number, snr: number): number => Math.floor(1e9 * randomStream(seed + 1e6 * snr, index).uniform());
