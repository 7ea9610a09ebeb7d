/** One spectrum with its fit as a FITS binary table. */
import { isSolution, type ShownResult } from '../domain/fit.ts';
import { FIT_REASONS, readerReason } from '../domain/problem.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { softwareText } from '../domain/version.ts';
import { fitsTable, type FitsCard, type FitsColumn } from '../io/write/fits.ts';
import type { Run } from './record.ts';

const finite = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null);
/** FITS knows no unit for counts or for a flux without one. */
const unitOf = (unit: string): { unit?: string } => (/^(arbitrary|relative|counts?)/i.test(unit) ? {} : { unit });

/**
 * Table `SPECTRUM`: wavelength (Å, in the spectrum's own medium and frame), flux and its σ and, where it is fitted, model, continuum, residual in σ,
 * whether χ² took the pixel, and in words why not.
 */
export function spectrumFits(spectrum: Spectrum, fit: ShownResult | null, { software, date }: Run): Uint8Array<ArrayBuffer> {
  const column = (name: string, value: (i: number) => number | undefined, unit: { unit?: string } = {}): FitsColumn => ({
    name,
    ...unit,
    kind: 'number',
    values: Array.from(spectrum.wavelength, (_, i) => finite(value(i))),
  });
  const flux = unitOf(spectrum.fluxUnit);
  const columns: FitsColumn[] = [
    column('wavelength', (i) => spectrum.wavelength[i], { unit: 'Angstrom' }),
    column('flux', (i) => spectrum.flux[i], flux),
    column('sigma', (i) => ((spectrum.ivar[i] ?? 0) > 0 ? 1 / Math.sqrt(spectrum.ivar[i] ?? 0) : NaN), flux),
  ];
  if (fit !== null) {
    columns.push(
      column('model', (i) => fit.modelFlux[i], flux),
      column('continuum', (i) => fit.continuum[i], flux),
      column('residual_sigma', (i) => fit.residuals[i]),
      { name: 'used', kind: 'boolean', values: Array.from(fit.used, (used) => used > 0) },
    );
  }
  const code = fit !== null && isSolution(fit) ? fit.problem.data[0].reason : undefined;
  const words = Array.from(spectrum.wavelength, (_, i) => (code === undefined ? readerReason(spectrum, i) : FIT_REASONS[code[i] ?? 0]));
  columns.push({
    name: 'left_out_because',
    kind: 'text',
    values: words.map((word) => (word === undefined || word === 'good' ? '' : word)),
  });
  const cards: FitsCard[] = [
    ['CREATOR', softwareText(software)],
    ['DATE', date.replace(/Z$/, '')],
    ['OBJECT', spectrum.object ?? spectrum.id],
    ['MEDIUM', spectrum.medium],
    ['FRAME', spectrum.frame],
    ['FLUXUNIT', spectrum.fluxUnit],
    ['SIMULATE', spectrum.simulated],
    ...(fit === null
      ? []
      : ([
          ['MODEL', fit.model],
          ['METHOD', fit.method],
          ['RV', fit.rv.value, 'km/s, in the frame of the spectrum'],
          ['CHI2RED', fit.chi2Reduced],
        ] as const)),
  ];
  return fitsTable('SPECTRUM', columns, cards);
}
