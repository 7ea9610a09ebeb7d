/**
 * The prior of a fit: one object, made of the model's labels and the options, that gives rows of a least-squares problem (−2 ln p = Σ residual²),
 * precision, σ, and draws. Scaled labels z = (value − centre) / halfRange.
 */
import type { EmulatorInfo, ManifestLabel } from '../domain/emulator.ts';
import type { FitOptions, PriorChoice } from '../domain/fitOptions.ts';
import { isElement, labelTitle } from '../domain/labels.ts';
import type { LabelName } from '../domain/labels.ts';
import type { LabelPrior, Prior } from '../domain/problem.ts';
import { conditionsAt, conditionText, type Condition } from '../domain/region.ts';
import type { Failure } from '../domain/result.ts';
import type { RandomStream } from '../math/random.ts';
import type { FitTuning } from './defaults.ts';
import { defaultPriorSigma } from './defaults.ts';

/** Draws of the prior among which one in the region is looked for. */
const MOST_TRIES = 100_000;

/** Steps towards the region, at most: two conditions, each of them bent at most twice. */
const REGION_STEPS = 20;

export interface PriorRow {
  readonly residual: number;
  /** ∂residual/∂z by parameter index. */
  readonly gradient: readonly (readonly [number, number])[];
}

/** σ of the row that holds a fixed label, in half-ranges: 0.16 K of 3200 K, below what any spectrum tells. */
const HELD = 1e-4;
/** Precision of a flat prior where a Gaussian has to stand in for it: its width is 2 in scaled units, so that its variance is 4/12. */
const FLAT_PRECISION = 3;

/**
 * Empirical v_mic (km/s) of F, G and K stars: the Gaia-ESO relation for dwarfs (T_eff held at 5000 K below it) and giants, as published
 * with iSpec (Blanco-Cuaresma et al. 2014, A&A 569, A111), joined smoothly across log g = 3.5 and held between 0.6 and 2.5.
 */
export function empiricalVmic(teff: number, logg: number, feh: number): number {
  const g = logg - 4;
  const metal = 0.05 * feh + 0.01 * feh * feh;
  const warm = Math.max(5000, teff) - 5500;
  const dwarf = 1.05 + 2.51e-4 * warm + 1.5e-7 * warm * warm - 0.14 * g - 0.005 * g * g + metal;
  const t = teff - 5500;
  const giant = 1.25 + 4.01e-4 * t + 3.1e-7 * t * t - 0.14 * g - 0.05 * g * g + metal;
  const share = 1 / (1 + Math.exp(-(logg - 3.5) / 0.15));
  return Math.min(2.5, Math.max(0.6, share * dwarf + (1 - share) * giant));
}

function usualPrior({ name }: ManifestLabel, options: FitOptions, tuning: Pick<FitTuning, 'vmicSigma'>): LabelPrior {
  if (isElement(name)) return { kind: 'normal', mean: 0, sigma: options.priorSigma[name] ?? defaultPriorSigma(name) };
  if (name === 'vmic') return { kind: 'vmic-relation', sigma: options.priorSigma.vmic ?? tuning.vmicSigma };
  return { kind: 'flat' };
}

/** The prior of a model's labels: what the options choose; else Gaussians about 0 for [X/Fe] and about the empirical v_mic, flat for the rest. */
export function priorOf(
  info: Pick<EmulatorInfo, 'labels' | 'region'>,
  options: FitOptions,
  tuning: Pick<FitTuning, 'vmicSigma' | 'wallSigma'>,
): Prior {
  const labels = info.labels.map((label): LabelPrior => {
    const chosen = options.priors?.[label.name];
    if (chosen === undefined) return usualPrior(label, options, tuning);
    return 'fixed' in chosen ? { kind: 'fixed', value: chosen.fixed } : { kind: 'normal', ...chosen };
  });
  return { labels, wallSigma: tuning.wallSigma, ...(info.region === undefined ? {} : { region: info.region }) };
}

/** What is wrong with the chosen priors, for this model; null where nothing is. Code `BAD_PRIOR`. */
export function priorFailure(info: Pick<EmulatorInfo, 'id' | 'labels' | 'region'>, options: FitOptions): Failure | null {
  const bad = (message: string, hint: string): Failure => ({ code: 'BAD_PRIOR', message, hint });
  for (const [name, chosen] of Object.entries(options.priors ?? {}) as [LabelName, PriorChoice][]) {
    const label = info.labels.find((one) => one.name === name);
    const title = labelTitle(name);
    if (label === undefined)
      return bad(`The model ${info.id} has no label ${name}`, `Its labels are ${info.labels.map((one) => one.name).join(', ')}`);
    const centre = 'fixed' in chosen ? chosen.fixed : chosen.mean;
    if (!(centre >= label.min && centre <= label.max))
      return bad(
        `The prior puts ${title} at ${String(centre)} ${label.unit}; the model ${info.id} knows ${String(label.min)} to ${String(label.max)}`,
        'Give a value within the range, or choose another model',
      );
    if (!('fixed' in chosen) && !(chosen.sigma > 0 && chosen.sigma < Infinity))
      return bad(
        `The prior of ${title} has σ = ${String(chosen.sigma)}`,
        'σ must be a positive number; to hold a label at a value, fix it',
      );
  }
  const held = (name: LabelName): number | undefined => {
    const chosen = options.priors?.[name];
    return chosen !== undefined && 'fixed' in chosen ? chosen.fixed : undefined;
  };
  const broken = conditionsAt(info.region, held).find(({ beyond }) => beyond > 0);
  if (broken !== undefined)
    return bad(
      `The fixed labels lie outside the region of the model ${info.id}: ${conditionText(broken)}`,
      'Free one of the two, or choose another value',
    );
  return null;
}

/** Where scaled labels stand to a condition of the region. */
export interface ScaledCondition {
  /** The same in the labels' own units. */
  readonly condition: Condition;
  /** How far beyond, in half-ranges of the first label it joins; negative inside. */
  readonly beyond: number;
  /** ∂beyond/∂z by parameter index. */
  readonly gradient: readonly (readonly [number, number])[];
}

/** A prior at work over the labels of a model. */
export class PriorModel {
  private readonly place: readonly [number, number, number];

  constructor(
    private readonly labels: readonly ManifestLabel[],
    readonly prior: Prior,
  ) {
    const place = (name: string) => labels.findIndex((label) => label.name === name);
    this.place = [place('teff'), place('logg'), place('feh')];
  }

  private value(z: Float64Array, i: number, otherwise: number): number {
    const label = this.labels[i];
    return label === undefined ? otherwise : label.centre + label.halfRange * (z[i] as number);
  }

  /** Gaussian priors, and the rows that hold fixed labels. */
  rows(z: Float64Array): PriorRow[] {
    const rows: PriorRow[] = [];
    for (const [i, prior] of this.prior.labels.entries()) {
      const halfRange = this.labels[i]?.halfRange ?? NaN;
      if (prior.kind === 'normal') {
        rows.push({ residual: (this.value(z, i, 0) - prior.mean) / prior.sigma, gradient: [[i, halfRange / prior.sigma]] });
      } else if (prior.kind === 'fixed') {
        rows.push({ residual: (this.value(z, i, 0) - prior.value) / (HELD * halfRange), gradient: [[i, 1 / HELD]] });
      } else if (prior.kind === 'vmic-relation') {
        rows.push(this.vmicRow(z, i, prior.sigma));
      }
    }
    return rows;
  }

  private vmicRow(z: Float64Array, i: number, sigma: number): PriorRow {
    const at = (t: number, g: number, m: number) =>
      empiricalVmic(this.value(z, this.place[0], 5500) + t, this.value(z, this.place[1], 4) + g, this.value(z, this.place[2], 0) + m);
    const slopes = [
      (at(10, 0, 0) - at(-10, 0, 0)) / 20,
      (at(0, 0.02, 0) - at(0, -0.02, 0)) / 0.04,
      (at(0, 0, 0.02) - at(0, 0, -0.02)) / 0.04,
    ];
    const gradient: [number, number][] = [[i, (this.labels[i]?.halfRange ?? NaN) / sigma]];
    this.place.forEach((j, k) => {
      const half = this.labels[j]?.halfRange;
      if (half !== undefined) gradient.push([j, (-(slopes[k] as number) * half) / sigma]);
    });
    return { residual: (this.value(z, i, 1) - at(0, 0, 0)) / sigma, gradient };
  }

  /** Where the labels stand to the conditions of the region. */
  conditions(z: Float64Array): ScaledCondition[] {
    const place = (name: LabelName): number => this.labels.findIndex((label) => label.name === name);
    const value = (name: LabelName): number | undefined => (place(name) < 0 ? undefined : this.value(z, place(name), NaN));
    return conditionsAt(this.prior.region, value).map((condition) => {
      const { labels, beyond, slopes } = condition;
      const at = labels.map(place);
      const half = at.map((i) => this.labels[i]?.halfRange ?? NaN);
      const unit = half[0] ?? NaN;
      return { condition, beyond: beyond / unit, gradient: at.map((i, k) => [i, ((slopes[k] ?? NaN) * (half[k] ?? NaN)) / unit] as const) };
    });
  }

  /** The point nearest to `z`, along the slopes of the broken conditions, that is at most `reach` (half-ranges) beyond every condition of the region. */
  intoRegion(z: Float64Array, reach: number): Float64Array {
    const out = z.slice();
    // The conditions are straight but for a kink or two: a few steps end inside.
    for (let step = 0; step < REGION_STEPS; step++) {
      const broken = this.conditions(out).filter(({ beyond }) => beyond > reach);
      if (broken.length === 0) break;
      for (const { beyond, gradient } of broken) {
        const norm = gradient.reduce((sum, [, slope]) => sum + slope * slope, 0);
        for (const [i, slope] of gradient) out[i] = (out[i] ?? NaN) - ((beyond - reach) * (1 + 1e-9) * slope) / norm;
      }
    }
    return out;
  }

  /** Soft wall at the edge of the training range, and at the conditions of the region. */
  wallRows(z: Float64Array): PriorRow[] {
    const { wallSigma } = this.prior;
    const rows: PriorRow[] = [];
    for (const { beyond, gradient } of this.conditions(z)) {
      if (beyond > 0) rows.push({ residual: beyond / wallSigma, gradient: gradient.map(([i, slope]) => [i, slope / wallSigma] as const) });
    }
    for (let i = 0; i < this.labels.length; i++) {
      const x = z[i] ?? 0;
      const beyond = Math.abs(x) - 1;
      if (beyond > 0) rows.push({ residual: beyond / wallSigma, gradient: [[i, Math.sign(x) / wallSigma]] });
    }
    return rows;
  }

  /** Precision by which a Gaussian stands in for each label's flat prior, scaled; 0 for labels whose prior is in `rows`. */
  flatPrecision(): Float64Array {
    return Float64Array.from(this.prior.labels, ({ kind }) => (kind === 'flat' ? FLAT_PRECISION : 0));
  }

  /** σ of the prior of label `i` in its own unit: of a flat one, its width / √12; 0 for a fixed label. */
  sigma(i: number): number {
    const prior = this.prior.labels[i];
    const halfRange = this.labels[i]?.halfRange ?? NaN;
    if (prior === undefined || prior.kind === 'flat') return (2 * halfRange) / Math.sqrt(12);
    return prior.kind === 'fixed' ? 0 : prior.sigma;
  }

  /** The value that label `i` is held at, in its own unit; null where it is free. */
  fixed(i: number): number | null {
    const prior = this.prior.labels[i];
    return prior?.kind === 'fixed' ? prior.value : null;
  }

  /** Labels (own units) drawn from the prior within the training range and region. */
  draw(random: RandomStream): Float64Array {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const labels = this.drawInBox(random);
      const z = labels.map((value, i) => (value - (this.labels[i]?.centre ?? NaN)) / (this.labels[i]?.halfRange ?? NaN));
      if (this.conditions(z).every(({ beyond }) => beyond <= 0)) return labels;
    }
    throw new Error(`none of ${String(MOST_TRIES)} draws of the prior lies in the region of the model`);
  }

  private drawInBox(random: RandomStream): Float64Array {
    const out = new Float64Array(this.labels.length);
    // v_mic depends on the others.
    const order = [...this.labels.keys()].sort((a, b) => this.rank(a) - this.rank(b));
    const of = (place: number, otherwise: number) => out[place] ?? otherwise;
    for (const i of order) {
      const label = this.labels[i];
      const prior = this.prior.labels[i];
      if (label === undefined || prior === undefined) continue;
      const relation = () => empiricalVmic(of(this.place[0], 5500), of(this.place[1], 4), of(this.place[2], 0));
      let value: number;
      do {
        value =
          prior.kind === 'flat'
            ? label.min + (label.max - label.min) * random.uniform()
            : prior.kind === 'fixed'
              ? prior.value
              : (prior.kind === 'normal' ? prior.mean : relation()) + prior.sigma * random.normal();
      } while (value < label.min || value > label.max);
      out[i] = value;
    }
    return out;
  }

  private rank(i: number): number {
    return Number(this.prior.labels[i]?.kind === 'vmic-relation');
  }
}
