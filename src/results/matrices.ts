/** The errors of one fit as tables: covariance, correlation, and the draws of a sampled posterior. */
import Papa from 'papaparse';
import type { FittedLabel, ShownResult } from '../domain/fit.ts';
import { labelUnit } from '../domain/labels.ts';

type WithCovariance = { readonly labels: readonly Pick<FittedLabel, 'name'>[] } & Pick<ShownResult, 'covariance'>;

/** What a matrix says of its labels: their covariance, in products of their units, or their correlation, −1 to 1. */
export type MatrixKind = 'covariance' | 'correlation';

/** The matrix over all labels, row by row; NaN beside a label that was held, whose σ is 0. */
export function labelMatrix({ labels, covariance }: WithCovariance, kind: MatrixKind): readonly (readonly number[])[] {
  const n = labels.length;
  const at = (i: number, j: number): number => covariance[i * n + j] ?? NaN;
  return labels.map((_, i) =>
    labels.map((__, j) => {
      if (kind === 'covariance') return at(i, j);
      const scale = Math.sqrt(at(i, i) * at(j, j));
      return scale > 0 ? (i === j ? 1 : at(i, j) / scale) : NaN;
    }),
  );
}

/** That matrix as CSV: a row and a column per label, [X/Fe] under the element; empty where it is not known. Lines that begin with # say what it is. */
export function matrixCsv(result: WithCovariance, kind: MatrixKind, notes: readonly string[]): string {
  const names = result.labels.map(({ name }) => name);
  const cells = labelMatrix(result, kind).map((row, i) => [
    names[i] ?? '',
    ...row.map((value) => (Number.isFinite(value) ? String(value) : '')),
  ]);
  const units =
    kind === 'correlation' ? [] : [`units: ${names.map((name) => `${name} ${labelUnit(name)}`).join(', ')}; a cell has the product of two`];
  const head = [...notes, `${kind} of the raw labels`, ...units].map((note) => `# ${note}\n`).join('');
  return `${head}${Papa.unparse({ fields: ['label', ...names], data: cells }, { newline: '\n' })}\n`;
}

/** The kept draws of a sampled posterior as CSV: a row a draw, with the chain it is of; null where nothing was sampled. */
export function drawsCsv({ posterior }: Pick<ShownResult, 'posterior'>, notes: readonly string[]): string | null {
  if (posterior === undefined) return null;
  const { chains, draws } = posterior.sample;
  const count = draws[0]?.length ?? 0;
  const each = Math.max(1, Math.floor(count / Math.max(1, chains)));
  const fields = ['chain', ...posterior.labels.map(({ name }) => `${name}_${labelUnit(name).replace('/', '')}`)];
  const data = Array.from({ length: count }, (_, i) => [Math.floor(i / each) + 1, ...draws.map((values) => String(values[i] ?? NaN))]);
  const head = [...notes, `draws of the raw labels, thinned; sampler: ${posterior.sampler}`].map((note) => `# ${note}\n`).join('');
  return `${head}${Papa.unparse({ fields, data }, { newline: '\n' })}\n`;
}
