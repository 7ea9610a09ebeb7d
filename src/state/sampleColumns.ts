/** The columns of the table of a sample, and which of them a person wants to see. */
import { ELEMENTS, isElement } from '../domain/labels.ts';
import { abundanceTitle, type AbundanceScale } from '../results/rows.ts';

/** Columns before the elements: id, title, digits. Velocities are in km/s, T_eff in K, the rest of the labels in dex (v_mic in km/s). */
export const FIXED_COLUMNS = [
  ['snr', 'S/N', 0],
  ['chi2', 'red. χ²', 2],
  ['rv', 'RV (km/s)', 1],
  ['teff', 'T_eff (K)', 0],
  ['logg', 'log g', 2],
  ['vmic', 'v_mic (km/s)', 2],
  ['feh', '[Fe/H]', 2],
] as const;

/** The element that a sample shows unless another is asked for. */
const USUAL_ELEMENT = 'Mg';

/** The element of the label whose derivative the page shows, else the usual one. */
export const shownElement = (derivative: string): string => (isElement(derivative) ? derivative : USUAL_ELEMENT);

/** The element of the derivative, whichever it is; and a person's notes. */
export const OF_DERIVATIVE = 'derivative';
export const NOTE_COLUMN = 'note';

const ALL_COLUMNS: readonly string[] = [...FIXED_COLUMNS.map(([id]) => id), ...ELEMENTS, OF_DERIVATIVE, NOTE_COLUMN];

/** What is shown until a person chooses. */
export const USUAL_COLUMNS: readonly string[] = ALL_COLUMNS.filter((id) => !isElement(id) || id === USUAL_ELEMENT);

/** Chosen columns from whatever storage held. */
export const readColumns = (stored: unknown): readonly string[] =>
  Array.isArray(stored) ? ALL_COLUMNS.filter((id) => stored.includes(id)) : USUAL_COLUMNS;

/** With one more column, or one less. */
export const withColumn = (chosen: readonly string[], id: string, wanted: boolean): readonly string[] =>
  ALL_COLUMNS.filter((one) => (one === id ? wanted : chosen.includes(one)));

/** A column of numbers. */
export type NumberColumn = readonly [id: string, title: string, digits: number];

/** All that can be chosen, with what each is called. */
export const columnChoices = (scale: AbundanceScale): readonly (readonly [id: string, title: string])[] => [
  ...FIXED_COLUMNS.map(([id, title]) => [id, title] as const),
  ...ELEMENTS.map((name) => [name, abundanceTitle(name, scale)] as const),
  [OF_DERIVATIVE, 'element of the derivative'],
  [NOTE_COLUMN, 'note'],
];

/** The columns of numbers that are chosen, in their order; the element of the derivative comes last where it is not chosen by itself. */
export function numberColumns(chosen: readonly string[], derivative: string, scale: AbundanceScale): readonly NumberColumn[] {
  const elements: string[] = ELEMENTS.filter((name) => chosen.includes(name));
  const shown = shownElement(derivative);
  if (chosen.includes(OF_DERIVATIVE) && !elements.includes(shown)) elements.push(shown);
  return [
    ...FIXED_COLUMNS.filter(([id]) => chosen.includes(id)),
    ...elements.map((name): NumberColumn => [name, abundanceTitle(name, scale), 2]),
  ];
}
