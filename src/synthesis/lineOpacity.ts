import { VOIGT_H0, VOIGT_H1, VOIGT_H2, VOIGT_SERIES_LIMIT, VOIGT_TABLE_END, VOIGT_TABLE_PER_UNIT, voigt } from '../math/voigt.ts';
import { AMU_CGS, C_CGS, HC_EV_ANGSTROM, K_CGS, K_EV, PI_E2_MC } from './constants.ts';
import type { LineList, LineSpecies } from './lineList.ts';
import type { Populations } from './eos.ts';

/** A line is followed until it falls below this fraction of the continuous opacity of the layer. */
export const LINE_CUTOFF = 1e-4;
const SQRT_PI = Math.sqrt(Math.PI);
const FOUR_PI_C = 4 * Math.PI * C_CGS * 1e8;
const [H0, H1, H2] = [VOIGT_H0, VOIGT_H1, VOIGT_H2];

/** The regular grid in ln λ on which opacity is summed. */
export interface LnGrid {
  readonly lnStart: number;
  readonly lnStep: number;
  readonly count: number;
}

/** Per star: what every line needs of every layer, ready for `addLines`. */
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
  readonly firstLayer: Uint8Array;
  readonly endLayer: Uint8Array;
}

const populationOf = (species: LineSpecies, pop: Populations, layer: number): number =>
  species.kind.type === 'atom'
    ? (pop.atoms[(species.kind.z * 3 + species.kind.stage) * pop.layers + layer] ?? 0)
    : (pop.molecules[species.kind.index * pop.layers + layer] ?? 0);

/** n/U of every line species by [species·layers + layer]. */
export function speciesPopulations(species: readonly LineSpecies[], pop: Populations): Float64Array {
  const out = new Float64Array(species.length * pop.layers);
  species.forEach((s, i) => {
    for (let layer = 0; layer < pop.layers; layer++) out[i * pop.layers + layer] = populationOf(s, pop, layer);
  });
  return out;
}

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
  const { layers } = pop;
  const population = speciesPopulations(lines.species, pop);
  const doppler = new Float64Array(lines.species.length * layers);
  lines.species.forEach((species, s) => {
    for (let i = 0; i < layers; i++)
      doppler[s * layers + i] = Math.sqrt((2 * K_CGS * (pop.temperature[i] ?? 0)) / (species.mass * AMU_CGS) + (vmic * 1e5) ** 2) / C_CGS;
  });
  const perturbers = Float64Array.from(
    { length: layers },
    (_, i) => 2 * (pop.atoms[3 * layers + i] ?? 0) + 0.42 * (pop.atoms[6 * layers + i] ?? 0) + 0.85 * (h2[i] ?? 0),
  );
  const n = continuum.wavelength.length;
  const scale = new Float64Array(n * layers);
  const limit = new Float64Array(n * layers);
  continuum.wavelength.forEach((lambda, k) => {
    const nu = (C_CGS * 1e8) / lambda;
    for (let i = 0; i < layers; i++) {
      scale[k * layers + i] = (PI_E2_MC / (SQRT_PI * nu)) * (1 - Math.exp(-HC_EV_ANGSTROM / lambda / (K_EV * (pop.temperature[i] ?? 1))));
      limit[k * layers + i] = LINE_CUTOFF * (continuum.total[i * n + k] ?? 1);
    }
  });
  const context: LineContext = {
    lines,
    layers,
    doppler,
    perturbers,
    scale,
    limit,
    strength: population.map((p, i) => p / (doppler[i] ?? 1)),
    minusInvKT: pop.temperature.map((t) => -1 / (K_EV * t)),
    stark: pop.electrons.map((ne, i) => ne * ((pop.temperature[i] ?? 0) / 1e4) ** (1 / 6)),
    unsoeld: perturbers.map((p, i) => p * ((pop.temperature[i] ?? 0) / 1e4) ** 0.3),
    lnT4: pop.temperature.map((t) => Math.log(t / 1e4)),
    continuumStart: continuum.wavelength[0] ?? 0,
    continuumStep: (continuum.wavelength[1] ?? 0) - (continuum.wavelength[0] ?? 0),
    continuumCount: n,
    reach: new Float32Array(lines.count),
    firstLayer: new Uint8Array(lines.count),
    endLayer: new Uint8Array(lines.count),
  };
  const walker = new LineWalker(context);
  for (let line = 0; line < lines.count; line++) {
    walker.to(line);
    let reach = 0;
    let first = layers;
    let end = 0;
    for (let layer = 2; layer < layers; layer += REACH_STRIDE) {
      const half = walker.window(layer);
      if (half === 0) continue;
      reach = Math.max(reach, half);
      first = Math.min(first, layer);
      end = layer;
    }
    context.firstLayer[line] = Math.max(first - REACH_STRIDE, 0);
    context.endLayer[line] = Math.min(end + REACH_STRIDE + 1, layers);
    context.reach[line] = reach > 0 ? (reach * REACH_MARGIN) / grid.lnStep + 1 : 0;
  }
  return context;
}

/** One line, its constants at hand for a loop over layers. */
class LineWalker {
  strength = 0;
  a = 0;
  width = 0;
  private at = 0;
  private kAt = 0;
  private gf = 0;
  private excitation = 0;
  private exponent = 0.3;
  private radiative = 0;
  private stark = 0;
  private vdw = 0;
  private perWidth = 0;
  private readonly c: LineContext;

  constructor(context: LineContext) {
    this.c = context;
  }

  /** Moves to a line. */
  to(line: number): void {
    const { c } = this;
    const { lines } = c;
    const lambda = lines.wavelength[line] ?? 0;
    const k = Math.min(Math.max(Math.round((lambda - c.continuumStart) / c.continuumStep), 0), c.continuumCount - 1);
    this.at = (lines.speciesIndex[line] ?? 0) * c.layers;
    this.kAt = k * c.layers;
    this.gf = lines.gf[line] ?? 0;
    this.excitation = lines.excitation[line] ?? 0;
    this.exponent = lines.vdwExponent[line] ?? 0.3;
    this.radiative = lines.gammaRadiative[line] ?? 0;
    this.stark = lines.gammaStark[line] ?? 0;
    this.vdw = lines.gammaVdw[line] ?? 0;
    this.perWidth = lambda / FOUR_PI_C;
  }

  /** Half-window in ln λ in one layer (0: below the cutoff); sets `strength` (opacity at line centre over H(a, 0), cm⁻¹), `a` and the Doppler width over c. */
  window(layer: number): number {
    const { c } = this;
    const limit = c.limit[this.kAt + layer] ?? 1;
    const peak = this.gf * (c.strength[this.at + layer] ?? 0) * (c.scale[this.kAt + layer] ?? 0);
    if (!(peak > limit)) return 0;
    const strength = peak * Math.exp(this.excitation * (c.minusInvKT[layer] ?? 0));
    if (!(strength > limit)) return 0;
    const vdw =
      this.exponent === 0.3 ? (c.unsoeld[layer] ?? 0) : (c.perturbers[layer] ?? 0) * Math.exp((c.lnT4[layer] ?? 0) * this.exponent);
    const width = c.doppler[this.at + layer] ?? 1;
    const a = ((this.radiative + this.stark * (c.stark[layer] ?? 0) + this.vdw * vdw) * this.perWidth) / width;
    this.strength = strength;
    this.a = a;
    this.width = width;
    const ratio = strength / limit;
    return width * Math.sqrt(Math.max(LN_OF_POWER[powerOfTwo(ratio)] ?? 0, (a * ratio) / SQRT_PI));
  }
}

const bits = new Float32Array(1);
const word = new Uint32Array(bits.buffer);
/** Smallest p with x < 2^p for x ≥ 1: a logarithm cheap enough for every line in every layer. */
function powerOfTwo(x: number): number {
  bits[0] = x;
  return ((word[0] ?? 0) >>> 23) - 126;
}
const LN_OF_POWER = Float64Array.from({ length: 130 }, (_, p) => p * Math.LN2);

/**
 * Adds lines [from, to) to opacity arrays by [layer·count + i] on points `start … start+count` of the grid.
 * `targetOf(species, lo, hi)` gives the array a species adds to, and is told the points it may touch.
 */
export function addLines(
  c: LineContext,
  grid: LnGrid,
  start: number,
  count: number,
  from: number,
  to: number,
  targetOf: (species: number, lo: number, hi: number) => Float64Array,
): void {
  const { lines } = c;
  const walker = new LineWalker(c);
  for (let line = from; line < to; line++) {
    const reach = c.reach[line] ?? 0;
    if (reach === 0) continue;
    const centre = (Math.log(lines.wavelength[line] ?? 1) - grid.lnStart) / grid.lnStep - start;
    if (centre + reach < 0 || centre - reach >= count) continue;
    const target = targetOf(
      lines.speciesIndex[line] ?? 0,
      Math.max(Math.ceil(centre - reach), 0),
      Math.min(Math.floor(centre + reach), count - 1),
    );
    walker.to(line);
    const end = c.endLayer[line] ?? 0;
    for (let layer = c.firstLayer[line] ?? 0; layer < end; layer++) {
      const half = Math.min(walker.window(layer) / grid.lnStep, reach);
      if (half === 0) continue;
      const lo = Math.max(Math.ceil(centre - half), 0);
      const hi = Math.min(Math.floor(centre + half), count - 1);
      if (hi >= lo) addProfile(target, layer * count, lo, hi, centre, grid.lnStep / walker.width, walker.a, walker.strength);
    }
  }
}

/** target[offset + j] += strength·H(a, |j − centre|·dv) for j in [lo, hi]. */
function addProfile(
  target: Float64Array,
  offset: number,
  lo: number,
  hi: number,
  centre: number,
  dv: number,
  a: number,
  strength: number,
): void {
  if (a >= VOIGT_SERIES_LIMIT) {
    for (let j = lo; j <= hi; j++) target[offset + j] = (target[offset + j] ?? 0) + strength * voigt(a, (j - centre) * dv);
    return;
  }
  const core = (VOIGT_TABLE_END - 1e-9) / dv;
  const coreLo = Math.min(Math.max(lo, Math.ceil(centre - core)), hi + 1);
  const coreHi = Math.min(hi, Math.floor(centre + core));
  const perStep = dv * VOIGT_TABLE_PER_UNIT;
  for (let j = coreLo; j <= coreHi; j++) {
    const x = Math.abs(j - centre) * perStep;
    const i = x | 0;
    const f = x - i;
    const p = (H0[i] ?? 0) + a * ((H1[i] ?? 0) + a * (H2[i] ?? 0));
    const q = (H0[i + 1] ?? 0) + a * ((H1[i + 1] ?? 0) + a * (H2[i + 1] ?? 0));
    target[offset + j] = (target[offset + j] ?? 0) + strength * (p + f * (q - p));
  }
  const wing = (strength * a) / (SQRT_PI * dv * dv);
  const next = 1.5 / (dv * dv);
  for (let j = lo; j < coreLo; j++) {
    const i2 = 1 / ((j - centre) * (j - centre));
    target[offset + j] = (target[offset + j] ?? 0) + wing * i2 * (1 + next * i2);
  }
  for (let j = Math.max(coreHi + 1, lo); j <= hi; j++) {
    const i2 = 1 / ((j - centre) * (j - centre));
    target[offset + j] = (target[offset + j] ?? 0) + wing * i2 * (1 + next * i2);
  }
}
