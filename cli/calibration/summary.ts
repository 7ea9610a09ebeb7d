/** A calibration in a table: for the terminal, for documents. */
import type { Calibration, LabelCalibration } from '../../src/calibration/schema.ts';
import { calibratedTitle, calibratedUnit } from '../../src/calibration/names.ts';
import { fixed } from '../files/markdownTable.ts';

export const digitsOf = (name: string): number => (calibratedUnit(name) === 'K' ? 0 : 3);

export const SUMMARY_HEAD = [
  'label',
  'stars',
  'terms',
  'raw: bias',
  'raw: σ',
  'bias',
  'σ',
  'σ of references',
  'σ of fit',
  'intrinsic: dwarfs',
  'giants',
  'metal-poor',
  'within 1 σ (%)',
  'within 2 σ (%)',
] as const;

/** One row per label that references correct. */
export function summaryRows(calibration: Calibration): string[][] {
  return Object.entries(calibration.labels).flatMap(([name, label]: [string, LabelCalibration]) => {
    const { heldOut, terms, scatter, stars } = label;
    if (heldOut === null) return [];
    const n = (value: number): string => fixed(value, digitsOf(name));
    return [
      [
        `${calibratedTitle(name)}${calibratedUnit(name) === 'K' ? ' (K)' : ''}`,
        String(stars),
        String(terms.length),
        n(heldOut.raw.bias),
        n(heldOut.raw.scatter),
        n(heldOut.bias),
        n(heldOut.scatter),
        n(heldOut.referenceSigma),
        n(heldOut.fitSigma),
        n(scatter.dwarf),
        n(scatter.giant),
        n(scatter['metal-poor']),
        fixed(100 * heldOut.within1, 0),
        fixed(100 * heldOut.within2, 0),
      ],
    ];
  });
}

/** The elements that only the Sun sets. */
export const solarElements = (calibration: Calibration): string[] =>
  Object.entries(calibration.labels).flatMap(([name, { kind }]) => (kind === 'solar-zero-point' ? [name] : []));
