import { lowerBound } from '../../math/lowerBound.ts';
import type { ComparedCurve } from '../../plots/spectrumFigure.ts';
import type { Compared } from '../../state/comparing.ts';
import type { Entry } from '../../state/entries.ts';
import type { Frame } from '../../state/settings.ts';
import { shownWavelength } from '../../state/spectrumView.ts';

/** Values at `x` between points that rise in `xs`, by straight lines; NaN outside. */
function between(x: number, xs: Float64Array, ys: Float64Array): number {
  const i = lowerBound(xs, x);
  if (i === 0) return xs[0] === x ? (ys[0] ?? NaN) : NaN;
  const [a, b] = [xs[i - 1] ?? NaN, xs[i] ?? NaN];
  return (ys[i - 1] ?? NaN) + ((x - a) / (b - a)) * ((ys[i] ?? NaN) - (ys[i - 1] ?? NaN));
}

/**
 * What lies over the spectrum of a fitted star to compare it with: the model of another fit; or another star, divided by its own continuum and brought to this
 * one's, at the same rest wavelengths. Null where this one is not fitted.
 */
export function comparedCurve(entry: Entry, compared: Compared | null, frame: Frame): ComparedCurve | null {
  if (compared === null || entry.run.kind !== 'done') return null;
  const { wavelength, shift } = shownWavelength(entry, frame);
  const { result } = compared.run;
  if (compared.kind === 'fit') return { name: `model of ${compared.title}`, wavelength, flux: result.modelFlux, dashed: true };
  const { restWavelength, continuum } = entry.run.result;
  const { spectrum } = compared.entry;
  const flux = result.restWavelength.map((rest, p) =>
    (spectrum.ivar[p] ?? 0) > 0
      ? ((spectrum.flux[p] ?? NaN) / (result.continuum[p] ?? NaN)) * between(rest, restWavelength, continuum)
      : NaN,
  );
  return { name: compared.title, wavelength: result.restWavelength.map((rest) => rest * shift), flux, dashed: false };
}
