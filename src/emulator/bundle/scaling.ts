import type { ManifestLabel } from '../../domain/emulator.ts';

/** x = (label − centre) / halfRange; throws when the vector has another length (a bug of the caller). */
export function scaleLabels(labels: readonly ManifestLabel[], vector: Float64Array): Float64Array {
  if (vector.length !== labels.length) throw new Error(`${String(vector.length)} labels given, the model takes ${String(labels.length)}`);
  return Float64Array.from(labels, (label, j) => (vector[j] - label.centre) / label.halfRange);
}
