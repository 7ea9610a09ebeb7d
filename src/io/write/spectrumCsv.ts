import Papa from 'papaparse';
import { isSolution, type ShownResult } from '../../domain/fit.ts';
import { FIT_REASONS } from '../../domain/problem.ts';
import type { Lsf, Spectrum } from '../../domain/spectrum.ts';

/** What wrote a file, and when: given by the caller, so that the same input makes the same file. */
export interface Provenance {
  /** e.g. `Maury 0.1.0` */
  readonly software: string;
  /** ISO 8601 */
  readonly date: string;
}

/**
 * A spectrum, with its fit where there is one, as CSV that `readText` reads back: wavelength in the spectrum's own medium and frame, flux,
 * σ (NaN where the pixel carries no information), model, continuum, residual in σ, whether the pixel entered χ²,
 * and why not: a number that the note `reasons` explains.
 */
export function spectrumCsv(spectrum: Spectrum, fit: ShownResult | null, provenance: Provenance): string {
  const unit = spectrum.fluxUnit;
  const columns: [string, (i: number) => number][] = [
    [`wavelength_${spectrum.medium} [Angstrom]`, (i) => spectrum.wavelength[i] ?? NaN],
    [`flux [${unit}]`, (i) => spectrum.flux[i] ?? NaN],
    [`sigma [${unit}]`, (i) => ((spectrum.ivar[i] ?? 0) > 0 ? 1 / Math.sqrt(spectrum.ivar[i] ?? 0) : NaN)],
  ];
  if (fit) {
    columns.push(
      [`model [${unit}]`, (i) => fit.modelFlux[i] ?? NaN],
      [`continuum [${unit}]`, (i) => fit.continuum[i] ?? NaN],
      ['residual [sigma]', (i) => fit.residuals[i] ?? NaN],
      ['used [0 or 1]', (i) => fit.used[i] ?? 0],
    );
    if (isSolution(fit)) columns.push(['reason [code]', (i) => fit.problem.data[0].reason[i] ?? NaN]);
  }
  const data = Array.from(spectrum.wavelength, (_, i) => columns.map(([, value]) => String(value(i))));
  const table = Papa.unparse({ fields: columns.map(([name]) => name), data }, { newline: '\n' });
  return `${notes(spectrum, fit, provenance).join('\n')}\n${table}\n`;
}

/** As `readText` reads it back; R along the spectrum as `4000:1650 9000:2100`. */
function lsfNote(lsf: Lsf): [string, string | number] {
  switch (lsf.kind) {
    case 'fwhm':
      return ['fwhm_angstrom', lsf.fwhm];
    case 'resolving-power':
      return ['resolving_power', lsf.resolvingPower];
    case 'table':
      return ['resolving_power', lsf.wavelength.map((at, i) => `${String(at)}:${String(lsf.resolvingPower[i])}`).join(' ')];
  }
}

function notes(spectrum: Spectrum, fit: ShownResult | null, provenance: Provenance): string[] {
  const { lsf } = spectrum;
  const lines: [string, string | number | undefined][] = [
    ['software', provenance.software],
    ['date', provenance.date],
    ['id', spectrum.id],
    ['object', spectrum.object],
    ['survey', spectrum.survey.name],
    ['medium', spectrum.medium],
    ['frame', spectrum.frame],
    ['flux_unit', spectrum.fluxUnit],
    lsfNote(lsf),
    ['errors', spectrum.ivarIsMeasured ? 'measured' : 'guessed'],
    ['simulated', spectrum.simulated ? 'yes' : 'no'],
    ['model', fit?.model],
    ['method', fit?.method],
    ['seed', fit?.seed],
    ['rv_kms', fit?.rv.value],
    ['chi2_reduced', fit?.chi2Reduced],
    ['reasons', fit !== null && isSolution(fit) ? FIT_REASONS.map((reason, code) => `${String(code)} ${reason}`).join(', ') : undefined],
  ];
  return lines.flatMap(([key, value]) => (value === undefined ? [] : [`# ${key}: ${String(value).replace(/[\r\n]+/g, ' ')}`]));
}
