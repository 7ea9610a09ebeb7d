/** What the page exports: the sample's stars, fitted or failed, as records of the table of results. */
import { isSolution, type ShownResult } from '../domain/fit.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { software, softwareText } from '../domain/version.ts';
import { spectrumCsv } from '../io/write/spectrumCsv.ts';
import { drawsCsv, matrixCsv, type MatrixKind } from '../results/matrices.ts';
import { failedRecord, starRecord, type ResultRecord, type Run } from '../results/record.ts';
import { spectrumFits } from '../results/spectrumFits.ts';
import type { Entry } from './entries.ts';
import { shownLabels } from './calibrations.ts';
import { noteOf, sampleOf } from './entries.ts';
import type { ShownValues } from './settings.ts';

/** Fits that ended, with labels or without. */
const isEnded = ({ run }: Entry): boolean => run.kind === 'done' || run.kind === 'failed';

/** The entries that an export holds: those of the sample whose fit has ended; the demo star where there is no other. */
export function exportedEntries(entries: readonly Entry[]): readonly Entry[] {
  return sampleOf(entries.filter(isEnded));
}

/** What this page says of itself in a file that it writes now. */
export const thisRun = (): Run => ({ software: software(), date: new Date().toISOString() });

const resultOf = ({ run }: Entry): ShownResult | null => (run.kind === 'done' ? run.result : null);

/** The spectrum of an entry as it was read when it was fitted, which may have changed since; as it is read now where there is no fit that tells. */
function asFitted(entry: Entry): Spectrum {
  const result = resultOf(entry);
  return result !== null && isSolution(result) ? result.problem.data[0].spectrum : entry.spectrum;
}

/** The records of an export, raw alone where those are shown; `file` is the name that a spectrum has on the page. */
export function exportedRecords(entries: readonly Entry[], run: Run, values: ShownValues = 'calibrated'): readonly ResultRecord[] {
  return exportedEntries(entries).flatMap((entry): readonly ResultRecord[] => {
    const { key: file, spectrum, warnings } = entry;
    const note = noteOf(entry);
    if (entry.run.kind === 'failed') return [failedRecord({ file, spectrum, failure: entry.run.failure, note })];
    if (entry.run.kind !== 'done') return [];
    const { result, calibrated } = entry.run;
    return [
      starRecord({ file, spectrum: asFitted(entry), result, calibrated: shownLabels(result, calibrated, values), warnings, note }, run),
    ];
  });
}

/** One spectrum as a table: flux, σ and, where it is fitted, model, continuum, residual and the pixels used. */
export function exportedSpectrum(entry: Entry, { software, date }: Run): string {
  return spectrumCsv(asFitted(entry), resultOf(entry), { software: softwareText(software), date });
}

/** The same as a FITS table. */
export const exportedFits = (entry: Entry, run: Run): Uint8Array<ArrayBuffer> => spectrumFits(asFitted(entry), resultOf(entry), run);

/** Lines above a table of one fit: the star, what it was fitted with, and what wrote it. */
export function fitNotes({ key, spectrum, run }: Entry, { software, date }: Run): readonly string[] {
  const made = run.kind === 'done' ? [`model: ${run.result.model}`, `method: ${run.result.method}`] : [];
  return [softwareText(software), `date: ${date}`, `spectrum: ${key}${spectrum.simulated ? ' (simulated)' : ''}`, ...made];
}

/** Files of one fitted spectrum, in the order in which they are offered; `write` gives null where there is nothing to write. */
export interface SpectrumExport {
  readonly title: string;
  /** What follows the star's name in the file's. */
  readonly suffix: string;
  readonly type: string;
  /** Only of a fit that is done; of a sampled one. */
  readonly needs: 'spectrum' | 'fit' | 'draws';
  readonly write: (entry: Entry, run: Run) => string | Uint8Array<ArrayBuffer> | null;
}

const matrix =
  (kind: MatrixKind) =>
  (entry: Entry, run: Run): string | null => {
    const result = resultOf(entry);
    return result === null ? null : matrixCsv(result, kind, fitNotes(entry, run));
  };

export const SPECTRUM_EXPORTS: readonly SpectrumExport[] = [
  { title: 'Spectrum and model as CSV', suffix: '-model.csv', type: 'text/csv', needs: 'spectrum', write: exportedSpectrum },
  {
    title: 'Spectrum and model as FITS',
    suffix: '-model.fits',
    type: 'application/fits',
    needs: 'spectrum',
    write: exportedFits,
  },
  { title: 'Covariance as CSV', suffix: '-covariance.csv', type: 'text/csv', needs: 'fit', write: matrix('covariance') },
  { title: 'Correlations as CSV', suffix: '-correlation.csv', type: 'text/csv', needs: 'fit', write: matrix('correlation') },
  {
    title: 'Draws as CSV',
    suffix: '-draws.csv',
    type: 'text/csv',
    needs: 'draws',
    write: (entry, run) => {
      const result = resultOf(entry);
      return result === null ? null : drawsCsv(result, fitNotes(entry, run));
    },
  },
];

/** Whether a spectrum has what such a file is made from. */
export const canExport = ({ needs }: SpectrumExport, entry: Entry | null): boolean =>
  entry !== null && (needs === 'spectrum' || (needs === 'fit' ? resultOf(entry) !== null : resultOf(entry)?.posterior !== undefined));
