import type { EmulatorInfo, ManifestLabel } from '../domain/emulator.ts';
import type { ShownResult } from '../domain/fit.ts';

const SOLAR: Readonly<Record<string, number>> = { teff: 5772, logg: 4.438, vmic: 1, feh: 0 };

const clamp = (value: number, { min, max }: ManifestLabel): number => Math.min(max, Math.max(min, value));

/** The Sun in the order of a model's labels, within its training range. IAU 2015 nominal values; v_mic 1 km/s. */
export function solarLabels(info: EmulatorInfo): Float64Array {
  return Float64Array.from(info.labels, (label) => clamp(SOLAR[label.name] ?? 0, label));
}

/** Fitted labels in the order of a model's labels. */
export function fittedLabels(info: EmulatorInfo, result: ShownResult): Float64Array {
  const byName = new Map<string, number>(result.labels.map(({ name, value }) => [name, value]));
  const solar = solarLabels(info);
  return solar.map((value, i) => byName.get(info.labels[i]?.name ?? '') ?? value);
}

/** Named labels in the order of a model's labels; what is not named stays at `otherwise`. */
export function orderedLabels(info: EmulatorInfo, named: Readonly<Record<string, number>>, otherwise: Float64Array): Float64Array {
  return otherwise.map((value, i) => named[info.labels[i]?.name ?? ''] ?? value);
}

/** A label vector of one model as another takes it: by name, within its range; a label that the first has not is the Sun's. */
export function translatedLabels(from: EmulatorInfo, to: EmulatorInfo, labels: Float64Array): Float64Array {
  const byName = new Map<string, number>(from.labels.map(({ name }, i) => [name, labels[i] ?? NaN]));
  const solar = solarLabels(to);
  return Float64Array.from(to.labels, (label, i) => clamp(byName.get(label.name) ?? solar[i] ?? NaN, label));
}

/** One label changed, kept within the training range. */
export function withLabel(info: EmulatorInfo, labels: Float64Array, index: number, value: number): Float64Array {
  const label = info.labels[index];
  return labels.map((old, i) => (i === index && label !== undefined && Number.isFinite(value) ? clamp(value, label) : old));
}
