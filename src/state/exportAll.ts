/** All that the page can export of its sample, as the files of one zip archive. */
import { zip } from 'fflate';
import { softwareText } from '../domain/version.ts';
import { resultsCsv } from '../results/csv.ts';
import { resultsFits } from '../results/fits.ts';
import { drawsCsv, matrixCsv } from '../results/matrices.ts';
import { resultsJson, type Run } from '../results/record.ts';
import { resultsVotable } from '../results/votable.ts';
import { freshKey, type Entry } from './entries.ts';
import { exportedEntries, exportedFits, exportedRecords, exportedSpectrum, fitNotes } from './exports.ts';
import type { ShownValues } from './settings.ts';

/** A file of the archive, by its path. */
export type ExportFiles = Readonly<Record<string, Uint8Array>>;

const readme = (
  run: Run,
  used: readonly string[],
  stars: number,
): string => `Results of ${String(stars)} ${stars === 1 ? 'spectrum' : 'spectra'}
Written by ${softwareText(run.software)}, ${run.date}
${used.join('\n')}

results.csv, .json, .fits, .vot   labels of every star with errors, flags and options; the same numbers in four forms. VOTable (.vot) and FITS open in TOPCAT.
STAR/spectrum.csv, .fits          wavelength (Angstrom), flux, sigma; where it is fitted, model, continuum, residual in sigma, and why a pixel was left out.
STAR/covariance.csv               covariance of the raw labels, in products of their units; 0 for a label that was held.
STAR/correlation.csv              the same as correlations, -1 to 1.
STAR/draws.csv                    draws of the posterior, where MCMC was run.

Errors are 68 %. Labels named after an element alone are [X/Fe]. Missing numbers are empty, NaN or null.
`;

/** A folder's name without what file systems dislike. */
const folderName = (key: string): string => key.replace(/[^\w.+-]+/g, '_').replace(/^\.+/, '') || 'spectrum';

/** The files, by path: tables of results, a folder per star, and a README that says what each is and with what it was made. */
export function exportFiles(entries: readonly Entry[], run: Run, values: ShownValues): ExportFiles {
  const encoder = new TextEncoder();
  const exported = exportedEntries(entries);
  const records = exportedRecords(entries, run, values);
  const used = new Set(records.flatMap((record) => (record.ok ? [`Model ${record.model}, calibration ${record.calibration}`] : [])));
  const files: Record<string, Uint8Array> = {
    'README.txt': encoder.encode(readme(run, [...used], exported.length)),
    'results.csv': encoder.encode(resultsCsv(records, run)),
    'results.json': encoder.encode(resultsJson(records)),
    'results.fits': resultsFits(records, run),
    'results.vot': encoder.encode(resultsVotable(records, run)),
  };
  const folders: string[] = [];
  for (const entry of exported) {
    const folder = freshKey(folders, folderName(entry.key));
    folders.push(folder);
    const result = entry.run.kind === 'done' ? entry.run.result : null;
    files[`${folder}/spectrum.csv`] = encoder.encode(exportedSpectrum(entry, run));
    files[`${folder}/spectrum.fits`] = exportedFits(entry, run);
    if (result === null) continue;
    const notes = fitNotes(entry, run);
    files[`${folder}/covariance.csv`] = encoder.encode(matrixCsv(result, 'covariance', notes));
    files[`${folder}/correlation.csv`] = encoder.encode(matrixCsv(result, 'correlation', notes));
    const draws = drawsCsv(result, notes);
    if (draws !== null) files[`${folder}/draws.csv`] = encoder.encode(draws);
  }
  return files;
}

/** Those files as a zip archive, packed off the page's thread. */
export const zipped = (files: ExportFiles): Promise<Uint8Array<ArrayBuffer>> =>
  new Promise((resolve, reject) => {
    zip(files, (error, bytes) => {
      if (error === null) resolve(bytes);
      else reject(error);
    });
  });
