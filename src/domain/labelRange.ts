import type { EmulatorInfo, ManifestLabel } from './emulator.ts';
import { labelTitle } from './labels.ts';

/** A label beyond what a model was trained on. */
export interface OutsideRange extends Pick<ManifestLabel, 'name' | 'unit' | 'min' | 'max'> {
  readonly value: number;
  /** How far beyond the nearer end, > 0, in `unit`; NaN where the value is no number. */
  readonly by: number;
}

/** Labels of a vector, in the order of `info.labels`, that lie outside the model's training range: there its flux is an extrapolation. */
export function outsideRange(info: Pick<EmulatorInfo, 'labels'>, labels: Float64Array): OutsideRange[] {
  return info.labels.flatMap(({ name, unit, min, max }, i) => {
    const value = labels[i] ?? NaN;
    return value >= min && value <= max ? [] : [{ name, unit, min, max, value, by: value < min ? min - value : value - max }];
  });
}

/** In words: which label, its value, by how much it is outside, and the range. */
export function outsideRangeText({ name, value, unit, min, max, by }: OutsideRange): string {
  const range = `the training range ${String(min)} to ${String(max)}`;
  if (Number.isNaN(by)) return `${labelTitle(name)} is not a number; ${range}`;
  return `${labelTitle(name)} = ${String(Number(value.toPrecision(8)))} is ${String(Number(by.toPrecision(3)))} ${unit} outside ${range}`;
}
