/**
 * Spectra of objects that the model does not know, as a survey would show them: flux of library stars of other kinds, sums of stars, and made-up
 * white dwarfs, quasars and carbon stars, on the pixels and with the relative noise of a real host spectrum. What the host's header says is left out.
 */
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { FWHM_PER_SIGMA, SPEED_OF_LIGHT_KMS } from '../../src/domain/units.ts';
import { randomStream, type RandomStream } from '../../src/math/random.ts';
import { median } from '../../src/math/statistics.ts';
import { airToVacuumArray } from '../../src/spectra/airVacuum.ts';

export const KINDS = ['hot', 'M', 'carbon', 'white dwarf', 'galaxy', 'quasar', 'emission', 'two stars', 'composite', 'rotation'] as const;
export type Kind = (typeof KINDS)[number];

/** Flux at vacuum wavelengths (Å), NaN where there is none. */
export interface Light {
  readonly wavelength: Float64Array;
  readonly flux: Float64Array;
}

export const lightOf = (spectrum: Spectrum): Light => ({
  wavelength: spectrum.medium === 'air' ? airToVacuumArray(spectrum.wavelength) : spectrum.wavelength,
  flux: spectrum.flux.map((f, p) => ((spectrum.ivar[p] ?? 0) > 0 ? f : NaN)),
});

/** Light at other wavelengths, moved by `velocity` (km/s), linear between pixels, with a median of one. */
export function lightAt({ wavelength, flux }: Light, at: Float64Array, velocity = 0): Float64Array {
  const shift = 1 + velocity / SPEED_OF_LIGHT_KMS;
  let i = 0;
  const out = at.map((value) => {
    const x = value / shift;
    while (i + 2 < wavelength.length && (wavelength[i + 1] ?? Infinity) <= x) i++;
    while (i > 0 && (wavelength[i] ?? 0) > x) i--;
    const [a, b] = [wavelength[i] ?? NaN, wavelength[i + 1] ?? NaN];
    if (!(x >= a && x <= b)) return NaN;
    const t = (x - a) / (b - a);
    return (1 - t) * (flux[i] ?? NaN) + t * (flux[i + 1] ?? NaN);
  });
  const level = median(out);
  return out.map((value) => value / level);
}

/** Light broadened by a Gaussian of `sigma` km/s, on pixels that are uniform in ln λ. */
export function broadened(flux: Float64Array, wavelength: Float64Array, sigma: number): Float64Array {
  const step = Math.log((wavelength[1] ?? NaN) / (wavelength[0] ?? NaN)) * SPEED_OF_LIGHT_KMS;
  return convolved(flux, Math.ceil((5 * sigma) / step), (k) => Math.exp(-0.5 * ((k * step) / sigma) ** 2));
}

/** Light of a star that rotates with v sin i (km/s), limb darkening 0.6 (Gray 2005, eq. 18.14). */
export function rotated(flux: Float64Array, wavelength: Float64Array, vsini: number): Float64Array {
  const step = Math.log((wavelength[1] ?? NaN) / (wavelength[0] ?? NaN)) * SPEED_OF_LIGHT_KMS;
  return convolved(flux, Math.floor(vsini / step), (k) => {
    const left = Math.max(0, 1 - ((k * step) / vsini) ** 2);
    return 0.8 * Math.sqrt(left) + 0.15 * Math.PI * left;
  });
}

function convolved(flux: Float64Array, reach: number, kernel: (k: number) => number): Float64Array {
  return flux.map((_, p) => {
    let [sum, norm] = [0, 0];
    for (let k = -reach; k <= reach; k++) {
      const value = flux[p + k] ?? NaN;
      if (!Number.isFinite(value)) continue;
      const weight = kernel(k);
      sum += weight * value;
      norm += weight;
    }
    return norm > 0 ? sum / norm : NaN;
  });
}

/** The host's pixels with other light: noise of the host's relative size (or `snr` times better than one), drawn anew where the light has none of its own. */
export function planted(host: Spectrum, id: string, light: Float64Array, random: RandomStream | null): Spectrum {
  const level = median(host.flux.filter((_, p) => (host.ivar[p] ?? 0) > 0));
  const relative = 1 / median(host.flux.map((f, p) => ((host.ivar[p] ?? 0) > 0 ? f * Math.sqrt(host.ivar[p] ?? 0) : NaN)));
  const flux = new Float64Array(host.flux.length);
  const ivar = new Float64Array(host.flux.length);
  light.forEach((value, p) => {
    if (!Number.isFinite(value) || !((host.ivar[p] ?? 0) > 0)) return;
    // Photons and sky: the fainter, the smaller is the noise, but never below that of the sky.
    const sigma = relative * level * Math.sqrt(0.2 + 0.8 * Math.max(0, value));
    flux[p] = value * level + (random === null ? 0 : sigma * random.normal());
    ivar[p] = 1 / sigma ** 2;
  });
  const { wavelength, medium, frame, fluxUnit, lsf } = host;
  const { name, mediumKnown, noise } = host.survey;
  return {
    id,
    survey: { name, mediumKnown, ...(noise === undefined ? {} : { noise }) },
    wavelength,
    medium,
    frame,
    flux,
    ivar,
    ivarIsMeasured: true,
    fluxUnit,
    lsf,
    snr: median(flux.map((f, p) => ((ivar[p] ?? 0) > 0 ? f * Math.sqrt(ivar[p] ?? 0) : NaN))),
    // Not made by the models: to a fit it is a star like any other.
    simulated: false,
    meta: {},
  };
}

/** Adds emission lines: equivalent widths (Å) at rest wavelengths (Å, vacuum), FWHM in km/s. */
export function withLines(
  flux: Float64Array,
  wavelength: Float64Array,
  lines: readonly (readonly [rest: number, width: number])[],
  { velocity, fwhm }: { readonly velocity: number; readonly fwhm: number },
): Float64Array {
  const level = (at: number): number => median(flux.filter((_, p) => Math.abs((wavelength[p] ?? NaN) - at) < 40));
  const added = lines.map(([rest, width]) => {
    const at = rest * (1 + velocity / SPEED_OF_LIGHT_KMS);
    const sigma = ((fwhm / SPEED_OF_LIGHT_KMS) * at) / FWHM_PER_SIGMA;
    return { at, sigma, peak: (width * level(at)) / (sigma * Math.sqrt(2 * Math.PI)) };
  });
  return flux.map((value, p) =>
    added.reduce(
      (sum, { at, sigma, peak }) => (peak > 0 ? sum + peak * Math.exp(-0.5 * (((wavelength[p] ?? NaN) - at) / sigma) ** 2) : sum),
      value,
    ),
  );
}

const BALMER = [6564.6, 4862.7, 4341.7, 4102.9, 3971.2, 3890.2];
const HELIUM = [3889.7, 4027.3, 4472.7, 4714.5, 4923.3, 5017.1, 5877.2, 6680.0, 7067.1];

/** A white dwarf: a blue continuum with lines of hydrogen (DA) or helium (DB), Lorentzians of `width` Å. */
export function whiteDwarf(wavelength: Float64Array, type: 'DA' | 'DB', width: number, depth: number): Float64Array {
  const lines = type === 'DA' ? BALMER : HELIUM;
  return wavelength.map((w) => {
    const absorbed = lines.reduce((tau, line) => tau + (depth * 1.6) / (1 + ((w - line) / width) ** 2), 0);
    return (w / 5500) ** -2.6 * Math.exp(-absorbed);
  });
}

/** Lines of quasars (Å, Vanden Berk et al. 2001, AJ 122, 549) with equivalent widths in their own frame, Å. */
const QUASAR: readonly (readonly [number, number])[] = [
  [1215.7, 90],
  [1549, 30],
  [1908.7, 20],
  [2798.8, 32],
  [4341.7, 13],
  [4862.7, 46],
  [5008.2, 14],
  [6564.6, 190],
];
export function quasar(wavelength: Float64Array, z: number): Float64Array {
  const power = wavelength.map((w) => (w / 5500) ** -1.5);
  return withLines(
    power,
    wavelength,
    QUASAR.map(([rest, width]) => [rest, width * (1 + z)]),
    { velocity: z * SPEED_OF_LIGHT_KMS, fwhm: 5000 },
  );
}

/** Swan bands of C2 over a cool star's light: dark below each head (Å, vacuum). */
export function carbonStar(flux: Float64Array, wavelength: Float64Array, strength: number, velocity: number): Float64Array {
  const heads: readonly (readonly [number, number])[] = [
    [4383, 0.5],
    [4738.4, 0.8],
    [5166.6, 1.3],
    [5637.1, 0.8],
    [6192, 0.3],
  ];
  return flux.map((value, p) => {
    const w = (wavelength[p] ?? NaN) / (1 + velocity / SPEED_OF_LIGHT_KMS);
    const tau = heads.reduce((sum, [head, own]) => (w < head ? sum + own * Math.exp((w - head) / 60) : sum), 0);
    return value * Math.exp(-strength * tau);
  });
}

export const GALAXY_LINES: readonly (readonly [number, number])[] = [
  [6564.6, 12],
  [6585.3, 4],
  [6718.3, 2.5],
  [6732.7, 2],
  [5008.2, 5],
  [4960.3, 1.7],
  [4862.7, 3],
];
export const CHROMOSPHERE = (hAlpha: number): readonly (readonly [number, number])[] => [
  [6564.6, hAlpha],
  [4862.7, hAlpha / 3.5],
  [4341.7, hAlpha / 6],
  [3969.6, hAlpha / 3],
];

export const seeded = (text: string): RandomStream =>
  randomStream(Array.from(text).reduce((sum, c) => (sum * 31 + (c.codePointAt(0) ?? 0)) % 1_000_003, 7));
