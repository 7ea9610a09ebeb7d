/**
 * What every line needs of every layer of one star, and the profile of one line in every layer: strength at the centre, damping, Doppler width, and how far
 * it is worth following.
 */
import { AMU_CGS, C_CGS, HC_EV_ANGSTROM, K_CGS, K_EV, PI_E2_MC } from '../constants.ts';
import type { LineList, LineSpecies } from '../tables/lineList.ts';
import { atomOverPartition, neutralHelium, neutralHydrogen, type Populations } from '../structure/populations.ts';

/** A line is followed until it falls below this fraction of the continuous opacity of the layer. */
export const LINE_CUTOFF = 1e-4;
const SQRT_PI = Math.sqrt(Math.PI);
const FOUR_PI_C = 4 * Math.PI * C_CGS * 1e8;

/** The regular grid in ln λ on which opacity is summed. */
export interface LnGrid {
  readonly lnStart: number;
  readonly lnStep: number;
  readonly count: number;
}

/** Per star: what every line needs of every layer. */
export interface LineContext {
  readonly lines: LineList;
  readonly layers: number;
  /** Doppler width over c by [species·layers + layer]. */
  readonly doppler: Float64Array;
  /** n/U over the Doppler width by [species·layers + layer]. */
  readonly strength: Float64Array;
  /** −1/kT in eV⁻¹. */
  readonly minusInvKT: Float64Array;
  /** n_e·(T/10⁴ K)^(1/6): multiplies the Stark width. */
  readonly stark: Float64Array;
  /** Perturbers for van der Waals broadening, n(H I) + 0.42 n(He I) + 0.85 n(H2), cm⁻³; and the same times (T/10⁴ K)^0.3. */
  readonly perturbers: Float64Array;
  readonly unsoeld: Float64Array;
  /** ln(T/10⁴ K) */
  readonly lnT4: Float64Array;
  /** (πe²/mc)/(√π ν) times the correction for stimulated emission, and the cutoff, by [continuum wavelength·layers + layer]. */
  readonly scale: Float64Array;
  readonly limit: Float64Array;
  readonly continuumStart: number;
  readonly continuumStep: number;
  readonly continuumCount: number;
  /** Half-width of each line's window on the grid, in steps (0: the line is too weak to matter). */
  readonly reach: Float32Array;
  /** The layers where a line is above the cutoff lie within [firstLayer, endLayer). */
  readonly firstLayer: Uint16Array;
  readonly endLayer: Uint16Array;
}

const populationOf = (species: LineSpecies, pop: Populations, layer: number): number =>
  species.kind.type === 'atom'
    ? atomOverPartition(pop, species.kind.z, species.kind.stage, layer)
    : pop.molecules[species.kind.index * pop.layers + layer];

/** n/U of every line species by [species·layers + layer]. */
export function speciesPopulations(species: readonly LineSpecies[], pop: Populations): Float64Array {
  const out = new Float64Array(species.length * pop.layers);
  species.forEach((s, i) => {
    for (let layer = 0; layer < pop.layers; layer++) out[i * pop.layers + layer] = populationOf(s, pop, layer);
  });
  return out;
}

/** Doppler width over c of every species in every layer, by [species·layers + layer]; `vmic` in km/s. */
export function dopplerWidths(species: readonly LineSpecies[], temperature: Float64Array, vmic: number): Float64Array {
  const layers = temperature.length;
  const out = new Float64Array(species.length * layers);
  species.forEach(({ mass }, s) => {
    for (let i = 0; i < layers; i++)
      out[s * layers + i] = Math.sqrt((2 * K_CGS * temperature[i]) / (mass * AMU_CGS) + (vmic * 1e5) ** 2) / C_CGS;
  });
  return out;
}

/** Perturbers for van der Waals broadening in H I equivalents, cm⁻³ (polarisabilities of He I and H2: Gray 2005, §11); `h2` = n(H2). */
export const perturberDensity = (pop: Populations, h2: Float64Array): Float64Array =>
  h2.map((n, i) => neutralHydrogen(pop, i) + 0.42 * neutralHelium(pop, i) + 0.85 * n);

/** 1 − e^(−hν/kT) at λ in Å. */
export const stimulated = (lambda: number, temperature: number): number => 1 - Math.exp(-HC_EV_ANGSTROM / lambda / (K_EV * temperature));

/** Layers looked at to find how far a line reaches, and the margin for those between. */
const REACH_STRIDE = 6;
const REACH_MARGIN = 1.25;

/** Prepares the lines of one star. `vmic` in km/s; `h2` = n(H2) per layer. */
export function lineContext(
  lines: LineList,
  pop: Populations,
  h2: Float64Array,
  vmic: number,
  grid: LnGrid,
  continuum: { wavelength: Float64Array; total: Float64Array },
): LineContext {
  const { layers, temperature } = pop;
  const doppler = dopplerWidths(lines.species, temperature, vmic);
  const perturbers = perturberDensity(pop, h2);
  const n = continuum.wavelength.length;
  const scale = new Float64Array(n * layers);
  const limit = new Float64Array(n * layers);
  continuum.wavelength.forEach((lambda, k) => {
    const nu = (C_CGS * 1e8) / lambda;
    for (let i = 0; i < layers; i++) {
      scale[k * layers + i] = (PI_E2_MC / (SQRT_PI * nu)) * stimulated(lambda, temperature[i]);
      limit[k * layers + i] = LINE_CUTOFF * continuum.total[i * n + k];
    }
  });
  const context: LineContext = {
    lines,
    layers,
    doppler,
    perturbers,
    scale,
    limit,
    strength: speciesPopulations(lines.species, pop).map((p, i) => p / doppler[i]),
    minusInvKT: temperature.map((t) => -1 / (K_EV * t)),
    stark: pop.electrons.map((ne, i) => ne * (temperature[i] / 1e4) ** (1 / 6)),
    unsoeld: perturbers.map((p, i) => p * (temperature[i] / 1e4) ** 0.3),
    lnT4: temperature.map((t) => Math.log(t / 1e4)),
    continuumStart: continuum.wavelength[0],
    continuumStep: continuum.wavelength[1] - continuum.wavelength[0],
    continuumCount: n,
    reach: new Float32Array(lines.count),
    firstLayer: new Uint16Array(lines.count),
    endLayer: new Uint16Array(lines.count),
  };
  findReach(context, grid);
  return context;
}

/** How far every line reaches, from a few of its layers. */
function findReach(context: LineContext, grid: LnGrid): void {
  const { layers, lines } = context;
  const profiles = layerProfiles(layers);
  const { half } = profiles;
  for (let line = 0; line < lines.count; line++) {
    fillProfiles(context, line, 2, layers, REACH_STRIDE, profiles);
    let reach = 0;
    let first = layers;
    let end = 0;
    for (let layer = 2; layer < layers; layer += REACH_STRIDE) {
      const h = half[layer];
      if (h === 0) continue;
      if (h > reach) reach = h;
      if (layer < first) first = layer;
      end = layer;
    }
    if (reach === 0) continue;
    context.firstLayer[line] = Math.max(first - REACH_STRIDE, 0);
    context.endLayer[line] = Math.min(end + REACH_STRIDE + 1, layers);
    context.reach[line] = (reach * REACH_MARGIN) / grid.lnStep + 1;
  }
}

/** One line's profile in every layer. */
export interface LayerProfiles {
  /** Opacity at line centre over H(a, 0), cm⁻¹. */
  readonly strength: Float64Array;
  readonly a: Float64Array;
  /** Doppler width over c. */
  readonly width: Float64Array;
  /** Half-window in ln λ; 0: below the cutoff. */
  readonly half: Float64Array;
  /** `strength` over the continuous opacity. */
  readonly contrast: Float64Array;
}
export const layerProfiles = (layers: number): LayerProfiles => ({
  strength: new Float64Array(layers),
  a: new Float64Array(layers),
  width: new Float64Array(layers),
  half: new Float64Array(layers),
  contrast: new Float64Array(layers),
});

/** Continuum wavelength nearest to a line. */
const continuumIndex = (c: LineContext, lambda: number): number =>
  Math.min(Math.max(Math.round((lambda - c.continuumStart) / c.continuumStep), 0), c.continuumCount - 1);

/** The part of a Voigt a that a rate (rad s⁻¹) gives, times the Doppler width over c; λ in Å. */
export const dampingPerRate = (lambda: number): number => lambda / FOUR_PI_C;

/** Van der Waals perturbers with their temperature dependence for one line. */
export const perturbersAt = (c: LineContext, exponent: number, layer: number): number =>
  exponent === 0.3 ? c.unsoeld[layer] : c.perturbers[layer] * Math.exp(c.lnT4[layer] * exponent);

/** Profiles of one line in layers first, first + stride, … < end. */
export function fillProfiles(c: LineContext, line: number, first: number, end: number, stride: number, out: LayerProfiles): void {
  const { lines, layers } = c;
  const { strength, a, width, half, contrast } = out;
  const lambda = lines.wavelength[line];
  const at = lines.speciesIndex[line] * layers;
  const kAt = continuumIndex(c, lambda) * layers;
  const gf = lines.gf[line];
  const excitation = lines.excitation[line];
  const exponent = lines.vdwExponent[line];
  const radiative = lines.gammaRadiative[line];
  const stark = lines.gammaStark[line];
  const vdw = lines.gammaVdw[line];
  const perRate = dampingPerRate(lambda);
  for (let layer = first; layer < end; layer += stride) {
    half[layer] = 0;
    const limit = c.limit[kAt + layer];
    const peak = gf * c.strength[at + layer] * c.scale[kAt + layer];
    if (!(peak > limit)) continue;
    const s = peak * Math.exp(excitation * c.minusInvKT[layer]);
    if (!(s > limit)) continue;
    const w = c.doppler[at + layer];
    const damping = ((radiative + stark * c.stark[layer] + vdw * perturbersAt(c, exponent, layer)) * perRate) / w;
    const ratio = s / limit;
    strength[layer] = s;
    a[layer] = damping;
    width[layer] = w;
    contrast[layer] = ratio * LINE_CUTOFF;
    half[layer] = w * Math.sqrt(Math.max(LN_OF_POWER[powerOfTwo(ratio)], (damping * ratio) / SQRT_PI));
  }
}

const bits = new Float32Array(1);
const word = new Uint32Array(bits.buffer);
/** Smallest p with x < 2^p for x ≥ 1: a logarithm cheap enough for every line in every layer. */
function powerOfTwo(x: number): number {
  bits[0] = x;
  return (word[0] >>> 23) - 126;
}
const LN_OF_POWER = Float64Array.from({ length: 130 }, (_, p) => p * Math.LN2);
