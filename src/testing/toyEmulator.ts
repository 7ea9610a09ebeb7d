/**
 * An analytic emulator for tests: Gaussian lines whose depths follow a curve of growth in the labels, and hydrogen-like wings that
 * follow T_eff. Smooth, nonlinear, with exact derivatives, and no pretence of being a star.
 */
import { gradientFromJacobian } from '../domain/emulator.ts';
import type { EmulatedGradient, EmulatedJacobian, Emulator, EmulatorInfo, FluxSeed, ManifestLabel } from '../domain/emulator.ts';
import type { LabelName } from '../domain/labels.ts';
import { LABELS, isElement } from '../domain/labels.ts';
import { randomStream } from '../math/random.ts';

interface ToyLine {
  /** Pixel of the line's centre (fractional), and σ in pixels. */
  readonly centre: number;
  readonly sigma: number;
  /** Index of the element's label, −1 for iron, −2 for hydrogen. */
  readonly element: number;
  readonly strength: number;
  readonly perTeff: number;
  readonly perLogg: number;
}

export interface ToyOptions {
  readonly labels?: readonly LabelName[];
  readonly from?: number;
  readonly to?: number;
  readonly seed?: number;
  /** Lines per element; iron has twelve times as many. */
  readonly linesPerElement?: number;
}

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  teff: [4000, 7200],
  logg: [0.5, 5],
  vmic: [0.5, 3],
  feh: [-2.5, 0.5],
};
const NATIVE_R = 5000;

function manifestLabel(name: LabelName): ManifestLabel {
  const [min, max] = RANGES[name] ?? [-1, 1];
  const unit = name === 'teff' ? 'K' : name === 'vmic' ? 'km/s' : 'dex';
  return { name, unit, min, max, centre: (min + max) / 2, halfRange: (max - min) / 2 };
}

export class ToyEmulator implements Emulator {
  readonly batch = 4;
  readonly info: EmulatorInfo;
  readonly backend = { name: 'reference', reason: 'analytic toy' } as const;
  readonly wavelength: Float64Array;
  evaluations = 0;
  jacobians = 0;
  private readonly lines: readonly ToyLine[];
  private readonly index: Readonly<Record<'teff' | 'logg' | 'vmic' | 'feh', number>>;

  constructor(options: ToyOptions = {}) {
    const { labels = LABELS, from = 3900, to = 7000, seed = 11, linesPerElement = 10 } = options;
    const lnStep = 1 / NATIVE_R / 3;
    const lnStart = Math.log(from);
    const count = Math.floor(Math.log(to / from) / lnStep) + 1;
    this.info = {
      id: 'toy',
      title: 'Analytic toy',
      labels: labels.map(manifestLabel),
      grid: { lnStart, lnStep, count },
      resolvingPower: NATIVE_R,
      heldOutMae: 0,
    };
    this.wavelength = Float64Array.from({ length: count }, (_, i) => Math.exp(lnStart + i * lnStep));
    const place = (name: LabelName) => labels.indexOf(name);
    this.index = { teff: place('teff'), logg: place('logg'), vmic: place('vmic'), feh: place('feh') };

    const random = randomStream(seed);
    const sigma = 3 / 2.3548;
    const lines: ToyLine[] = [];
    const add = (element: number, number: number) => {
      for (let k = 0; k < number; k++) {
        lines.push({
          centre: count * random.uniform(),
          sigma,
          element,
          strength: -1.2 + 1.6 * random.uniform(),
          perTeff: -1.2 + 1.4 * random.uniform(),
          perLogg: -0.4 + 0.5 * random.uniform(),
        });
      }
    };
    add(-1, 12 * linesPerElement);
    labels.forEach((name, i) => {
      if (isElement(name)) add(i, linesPerElement);
    });
    for (const wavelength of [4102.9, 4341.7, 4862.7, 6564.6]) {
      const centre = (Math.log(wavelength) - lnStart) / lnStep;
      lines.push({ centre, sigma: 30, element: -2, strength: -0.9, perTeff: 0.5, perLogg: 0 });
    }
    this.lines = lines;
  }

  predict(labels: readonly Float64Array[]): Promise<Float32Array[]> {
    this.evaluations += labels.length;
    return Promise.resolve(labels.map((vector) => Float32Array.from(this.opacity(vector, null), (tau) => Math.exp(-tau))));
  }

  async gradient(labels: Float64Array, seed: FluxSeed): Promise<EmulatedGradient> {
    return gradientFromJacobian(await this.jacobian(labels), seed);
  }

  jacobian(labels: Float64Array): Promise<EmulatedJacobian> {
    this.jacobians++;
    const slopes = this.info.labels.map(() => new Float64Array(this.info.grid.count));
    const flux = Float32Array.from(this.opacity(labels, slopes), (tau) => Math.exp(-tau));
    return Promise.resolve({ flux, derivatives: slopes.map((slope) => Float32Array.from(slope, (d, i) => -d * (flux[i] ?? 0))) });
  }

  dispose(): void {
    // Nothing is held.
  }

  /** Σ depth · profile, and its slopes along each label where asked. */
  private opacity(labels: Float64Array, slopes: Float64Array[] | null): Float64Array {
    const { count } = this.info.grid;
    const { teff, logg, vmic, feh } = this.index;
    const hot = ((labels[teff] ?? 0) - 5500) / 1000;
    const dense = (labels[logg] ?? 0) - 4;
    const iron = labels[feh] ?? 0;
    const saturation = 0.5 + 0.25 * (labels[vmic] ?? 1);
    const total = new Float64Array(count);
    for (const line of this.lines) {
      const abundance = line.element === -2 ? 0 : iron + (line.element >= 0 ? (labels[line.element] ?? 0) : 0);
      const tau = 10 ** (line.strength + abundance + line.perTeff * hot + line.perLogg * dense);
      const share = saturation / (saturation + tau);
      const depth = tau * share;
      const perDex = Math.LN10 * depth * share;
      const perSaturation = (depth / saturation) ** 2;
      const reach = 5 * line.sigma;
      const last = Math.min(count - 1, Math.floor(line.centre + reach));
      for (let i = Math.max(0, Math.ceil(line.centre - reach)); i <= last; i++) {
        const g = Math.exp(-0.5 * ((i - line.centre) / line.sigma) ** 2);
        total[i] = (total[i] ?? 0) + depth * g;
        if (slopes === null) continue;
        const bump = (label: number, amount: number) => {
          const slope = slopes[label];
          if (slope !== undefined) slope[i] = (slope[i] ?? 0) + amount * g;
        };
        bump(teff, (perDex * line.perTeff) / 1000);
        bump(logg, perDex * line.perLogg);
        bump(vmic, 0.25 * perSaturation);
        if (line.element !== -2) bump(feh, perDex);
        if (line.element >= 0) bump(line.element, perDex);
      }
    }
    return total;
  }
}

/** A label vector for a toy: parameters given, every [X/Fe] at `xfe` (default 0). */
export function toyLabels(
  emulator: Emulator,
  parameters: readonly [number, number, number, number],
  xfe: (i: number) => number = () => 0,
): Float64Array {
  return Float64Array.from(emulator.info.labels, ({ name }, i) => {
    const place = ['teff', 'logg', 'vmic', 'feh'].indexOf(name);
    return place >= 0 ? (parameters[place] ?? 0) : xfe(i);
  });
}
