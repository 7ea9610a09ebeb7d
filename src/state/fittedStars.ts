import type { FittedStar } from '../io/write/provenance.ts';
import type { Entry } from './entries.ts';

/** The spectra whose fit is finished, as results are written; `file` is the name they have on the page. */
export function fittedStars(entries: readonly Entry[]): (FittedStar & { readonly file: string })[] {
  return entries.flatMap(({ key, spectrum, run }) =>
    run.kind === 'done' ? [{ file: key, spectrum, fit: run.result, calibrated: run.calibrated }] : [],
  );
}
