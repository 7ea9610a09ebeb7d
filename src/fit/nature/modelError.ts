/** The model's error for one star: what was measured on stars of its type, at the wavelengths of its pixels and for the lines of its model. */
import { typeDistance, typeShare, type Nature, type StarType } from '../../domain/nature.ts';
import type { ModelError } from '../../domain/problem.ts';
import { SPEED_OF_LIGHT_KMS } from '../../domain/units.ts';
import { interpolateLinear, median } from '../../math/statistics.ts';

/** A type farther than this from any that was measured takes the nearest one's error, widened by so much per unit of distance, at most by this. */
const REACH = 2;
const WIDER = 0.25;
const WIDEST = 2;
/** The factor on an error's variance for data that are sharper or blunter than those it was measured on stays within these. */
const SHARPER = [0.25, 4] as const;

/** Shares of the nodes in an error at one type; what it is widened by where that type was not measured, and what to say of it. */
interface AtType {
  readonly shares: readonly number[];
  readonly widening: number;
  readonly note: string | null;
}

const describe = ({ teff, logg, feh }: StarType): string =>
  `T_eff ${teff.toFixed(0)} K, log g ${logg.toFixed(1)}, [Fe/H] ${feh.toFixed(1)}`;

/** Between the nodes by distance; beyond them the nearest one alone, widened. */
export function atType({ nodes }: Nature, type: StarType): AtType {
  const distances = nodes.map((node) => typeDistance(node, type));
  const least = Math.min(...distances);
  const nearest = distances.indexOf(least);
  // Relative to the nearest, so that the exponentials of a far type do not vanish together.
  const raw = distances.map((d) => typeShare(d) / typeShare(Math.min(least, REACH)));
  const sum = raw.reduce((a, b) => a + b, 0);
  if (least <= REACH) return { shares: raw.map((value) => value / sum), widening: 1, note: null };
  const widening = Math.min(WIDEST, 1 + WIDER * (least - REACH));
  const node = nodes[nearest];
  return {
    shares: nodes.map((_, i) => (i === nearest ? 1 : 0)),
    widening,
    note: `The model's error was not measured for a star like this (${describe(type)}): that of ${node === undefined ? 'another' : describe(node)} is used, ${widening.toFixed(1)} times as wide`,
  };
}

/** What the error is wanted for; arrays run over pixels. */
export interface ErrorInput {
  readonly type: StarType;
  /** Å, vacuum, rest frame. */
  readonly rest: Float64Array;
  /** Normalised model. */
  readonly model: Float64Array;
  readonly continuum: Float64Array;
  /** λ/FWHM of the data. */
  readonly resolvingPower: number;
  /** σ of the emulator's own error, a fraction of the continuum. */
  readonly network: (wavelength: number) => number;
}

/** The error at the pixels, and what is to be said of it. White errors before the LSF are taken for granted: their variance goes with the resolving power. */
export function modelErrorOf(nature: Nature, input: ErrorInput): { readonly error: ModelError; readonly note: string | null } {
  const { type, rest, model, continuum, resolvingPower, network } = input;
  const { shares, widening, note } = atType(nature, type);
  const { law, nodes, shapes } = nature;
  const sharper = Math.min(SHARPER[1], Math.max(SHARPER[0], resolvingPower / nature.resolvingPower));
  const scale = widening * Math.sqrt(sharper);
  const place = placesOf(nature, rest);
  const variances = nodes.map(({ factor }) => factor.map((f) => f * f));
  const mixed = Float64Array.from({ length: nature.grid.count }, (_, i) =>
    shares.reduce((sum, share, k) => (share > 1e-6 ? sum + share * (variances[k]?.[i] ?? 0) : sum), 0),
  );
  const sigma = rest.map((wavelength, p) => {
    const level = Math.abs(continuum[p] ?? NaN);
    const constant = interpolateLinear(law.wavelength, law.constant, wavelength);
    const depth = interpolateLinear(law.wavelength, law.depth, wavelength);
    const lines = Math.min(1, Math.max(0, 1 - (model[p] ?? NaN)));
    return level * scale * Math.sqrt(valueAt(mixed, place[p] ?? 0)) * Math.hypot(constant, depth * lines);
  });
  const own = shapes.map((shape, k) => {
    const amplitude = widening * Math.sqrt(shares.reduce((sum, share, i) => sum + share * (nodes[i]?.amplitudes[k] ?? 0) ** 2, 0));
    return rest.map((_, p) => amplitude * (continuum[p] ?? NaN) * valueAt(shape, place[p] ?? 0));
  });
  const pixel = SPEED_OF_LIGHT_KMS * median(rest.map((value, p) => Math.log((rest[p + 1] ?? NaN) / value)));
  const error: ModelError = {
    source: 'measured',
    sigma,
    network: rest.map((wavelength, p) => Math.min(sigma[p] ?? NaN, Math.abs(continuum[p] ?? NaN) * network(wavelength))),
    shared: Math.max(1, nature.correlation / sharper / pixel),
    shapes: own,
  };
  return { error, note };
}

/** Places of wavelengths on the grid, in its steps, within its ends. */
function placesOf({ grid }: Nature, rest: Float64Array): Float64Array {
  return rest.map((wavelength) => Math.min(grid.count - 1, Math.max(0, (Math.log(wavelength) - grid.lnStart) / grid.lnStep)));
}

function valueAt(values: ArrayLike<number>, place: number): number {
  const i = Math.min(values.length - 2, Math.floor(place));
  const t = place - i;
  return (1 - t) * (values[i] as number) + t * (values[i + 1] as number);
}

/** The weights of a data set whose model error is known: before and after what neighbours share of it. */
export function weightsOf(ivar: Float64Array, { sigma, shared }: ModelError, used: (p: number) => boolean) {
  const survey = ivar.map((value, p) => (used(p) && value > 0 ? 1 / (1 / value + (sigma[p] ?? NaN) ** 2) : 0));
  const weight = ivar.map((value, p) => (used(p) && value > 0 ? 1 / (1 / value + shared * (sigma[p] ?? NaN) ** 2) : 0));
  return { survey, weight };
}
