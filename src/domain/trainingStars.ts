/**
 * How near a star is to those that a model was trained on. In the coordinates that shape a spectrum as a whole (T_eff, log g, v_mic, [Fe/H], C, N, O and
 * the mean of the α elements), each in units of the training stars' spread, the distance to the nearest training star is compared with the usual one
 * between a training star and its nearest neighbour.
 */
import type { LabelName } from './labels.ts';

/** As the manifest holds it. */
export interface TrainingStars {
  /** Each the mean of some labels, with the training stars' mean and standard deviation (the labels' unit). */
  readonly coordinates: readonly { readonly of: readonly LabelName[]; readonly mean: number; readonly spread: number }[];
  /** Median distance of a training star to its nearest neighbour. */
  readonly typical: number;
  /** Base64 of a byte per star and coordinate: (value − mean)/spread from −4 to 4 on 0 … 255. */
  readonly table: string;
}

interface Model {
  readonly labels: readonly { readonly name: LabelName }[];
  readonly trainingStars?: TrainingStars;
}

const REACH = 4;

function decode({ table }: TrainingStars): Float32Array {
  const text = atob(table);
  return Float32Array.from({ length: text.length }, (_, i) => (text.charCodeAt(i) / 255) * 2 * REACH - REACH);
}

const decoded = new WeakMap<TrainingStars, Float32Array>();

/** The distance of labels (order of `info.labels`, own units), 1 as near as training stars are to one another; null where the model does not say. */
export function trainingDistance(info: Model, labels: Float64Array): number | null {
  const stars = info.trainingStars;
  if (stars === undefined) return null;
  const table = decoded.get(stars) ?? decode(stars);
  decoded.set(stars, table);
  const place = new Map(info.labels.map(({ name }, i) => [name, i]));
  const at = stars.coordinates.map(({ of, mean, spread }) => {
    const values = of.map((name) => labels[place.get(name) ?? -1] ?? NaN);
    return (values.reduce((sum, value) => sum + value, 0) / values.length - mean) / spread;
  });
  const n = at.length;
  let nearest = Infinity;
  for (let star = 0; star + n <= table.length; star += n) {
    const square = at.reduce((sum, value, k) => sum + (value - (table[star + k] ?? NaN)) ** 2, 0);
    if (square < nearest) nearest = square;
  }
  return Math.sqrt(nearest) / stars.typical;
}
