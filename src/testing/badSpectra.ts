/**
 * Spectra of things that are not F, G or K stars, as drawn by hand from what makes each what it is. They serve to see that a fit does not
 * take them for stars; no number in them is a measurement.
 */
import type { Spectrum } from '../domain/spectrum.ts';
import { unknownSurvey } from '../domain/survey.ts';
import { randomStream } from '../math/random.ts';

/** Second radiation constant hc/k in Å K (CODATA 2018). */
const HC_OVER_K = 1.438_776_877e8;

const planck = (wavelength: number, temperature: number): number =>
  (1e4 / wavelength) ** 5 / Math.expm1(HC_OVER_K / (wavelength * temperature));
const gauss = (x: number, centre: number, sigma: number): number => Math.exp(-0.5 * ((x - centre) / sigma) ** 2);
const lorentz = (x: number, centre: number, half: number): number => 1 / (1 + ((x - centre) / half) ** 2);

/** Å, vacuum. */
const BALMER = [3836.5, 3890.2, 3971.2, 4102.9, 4341.7, 4862.7, 6564.6];
const HELIUM = [4027.3, 4144.9, 4389.2, 4472.7, 4923.3, 5017.1, 5877.2, 6680.0, 7067.1];
/** Heads of the strongest TiO systems (Valenti, Piskunov & Johns-Krull 1998; rounded), from which absorption degrades to the red. */
const TIO = [4762, 4955, 5168, 5450, 5761, 5849, 6160, 6653, 7055, 7591, 7668, 8208, 8434, 8861];
const NEBULAR: readonly (readonly [number, number])[] = [
  [3728.8, 3],
  [4341.7, 0.8],
  [4862.7, 2],
  [4960.3, 1.5],
  [5008.2, 4.5],
  [6549.9, 0.7],
  [6564.6, 6],
  [6585.3, 2],
  [6718.3, 1.2],
  [6732.7, 0.9],
];

/** A late-B star: a hot continuum, Stark-broadened Balmer lines, neutral helium, and nothing else. */
export function hotStar(wavelength: number): number {
  let depth = 1;
  for (const line of BALMER) depth *= 1 - 0.45 * lorentz(wavelength, line, 9) - 0.15 * gauss(wavelength, line, 4);
  for (const line of HELIUM) depth *= 1 - 0.12 * gauss(wavelength, line, 2);
  return planck(wavelength, 12_000) * depth;
}

/** An M4 dwarf: a cool continuum under saw teeth of TiO, with Ca I 4227 and the sodium lines. */
export function mStar(wavelength: number): number {
  let depth = 1;
  TIO.forEach((head, k) => {
    const beyond = wavelength - head;
    if (beyond > 0) depth *= 1 - (0.35 + 0.05 * (k % 4)) * Math.exp(-beyond / 90);
  });
  for (const [line, width, amount] of [
    [4227.9, 12, 0.7],
    [5893, 9, 0.6],
    [8192, 7, 0.4],
  ] as const)
    depth *= 1 - amount * gauss(wavelength, line, width);
  return planck(wavelength, 3200) * depth;
}

/** A star-forming galaxy: a blue power law under emission lines at redshift `z`. */
export function emissionGalaxy(z: number): (wavelength: number) => number {
  return (wavelength) => {
    const rest = wavelength / (1 + z);
    return NEBULAR.reduce((flux, [line, strength]) => flux + strength * gauss(rest, line, 2), (5000 / rest) ** 1.2);
  };
}

/** `flux` by wavelength (Å, vacuum) as a survey would write it: R ≈ 1800 pixels, Gaussian noise. */
export function asSurvey(id: string, flux: (wavelength: number) => number, snr: number, changes: Partial<Spectrum> = {}): Spectrum {
  const wavelength = Float64Array.from({ length: 3780 }, (_, i) => 3750 * 10 ** (1e-4 * i));
  const shape = wavelength.map(flux);
  const level = shape.reduce((sum, value) => sum + value, 0) / shape.length;
  const random = randomStream(7);
  const sigma = shape.map((value) => (level / snr) * Math.sqrt(Math.max(0.1, value / level)));
  return {
    id,
    survey: unknownSurvey(),
    wavelength,
    medium: 'vacuum',
    frame: 'barycentric',
    flux: shape.map((value, p) => (value + (sigma[p] ?? 0) * random.normal()) / level),
    ivar: sigma.map((value) => (level / value) ** 2),
    ivarIsMeasured: true,
    fluxUnit: 'made up',
    lsf: { kind: 'resolving-power', resolvingPower: 1800 },
    snr,
    simulated: false,
    meta: {},
    ...changes,
  };
}

/** Heads of the C2 Swan bands, Å (vacuum), from which absorption degrades to the blue. */
const SWAN = [4738, 5166, 5637, 6123];

/** The spectrum of a giant as a carbon star has it: under bands of C2. */
export function withCarbonBands(spectrum: Spectrum): Spectrum {
  const bands = spectrum.wavelength.map((wavelength) =>
    SWAN.reduce((depth, head) => (wavelength < head ? depth * (1 - 0.5 * Math.exp((wavelength - head) / 70)) : depth), 1),
  );
  return { ...spectrum, id: 'carbon star', flux: spectrum.flux.map((value, p) => value * (bands[p] ?? 1)) };
}
