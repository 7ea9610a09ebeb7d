/** The labels of two fits side by side: of one star, or of two. */
import type { ResultRow } from './rows.ts';

/** Whether two fits of the same data are compared, whose errors are common, or fits of two stars, whose are not. */
export type Comparison = 'fit' | 'star';

/** A difference is told of from so many σ on: the fits of one star share their noise, and should differ by little of it. */
const TOLD: Readonly<Record<Comparison, number>> = { fit: 1, star: 3 };

/** One label of both, in its unit. */
export interface ComparedLabel {
  readonly name: string;
  readonly one: { readonly value: number; readonly sigma: number };
  readonly other: { readonly value: number; readonly sigma: number };
  /** Whether both values are calibrated; else both are raw. */
  readonly calibrated: boolean;
  /** The first minus the second. */
  readonly difference: number;
  /** Over the larger σ of two fits of one star, over √(σ² + σ²) of two stars; NaN where both were held. */
  readonly inSigma: number;
  readonly told: boolean;
}

/** The labels that both have. A label is compared as calibrated where it is so in both, else raw. */
export function compareLabels(ones: readonly ResultRow[], others: readonly ResultRow[], comparison: Comparison): readonly ComparedLabel[] {
  return ones.flatMap((a) => {
    const b = others.find(({ name }) => name === a.name);
    if (b === undefined) return [];
    const calibrated = a.calibrated !== null && b.calibrated !== null;
    const side = (row: ResultRow) =>
      calibrated ? { value: row.calibrated ?? NaN, sigma: row.sigmaCalibrated ?? NaN } : { value: row.value, sigma: row.sigma ?? NaN };
    const [one, other] = [side(a), side(b)];
    const sigma = comparison === 'fit' ? Math.max(one.sigma, other.sigma) : Math.hypot(one.sigma, other.sigma);
    const difference = one.value - other.value;
    const inSigma = sigma > 0 ? difference / sigma : NaN;
    return [{ name: a.name, one, other, calibrated, difference, inSigma, told: Math.abs(inSigma) > TOLD[comparison] }];
  });
}
