/** The terms a correction may have, as functions of T_eff, log g and [Fe/H]. */
import type { Place } from './names.ts';

/** Where every term but the constant is about zero, so that coefficients read as changes from there: K, dex, dex. */
export const PIVOT: Place = { teff: 5500, logg: 3.5, feh: -0.3 };
/** Width of the step between giants and dwarfs in log g, dex: the corrections of a subgiant are a mixture. */
const STEP_WIDTH = 0.2;

const t = ({ teff }: Place): number => (teff - PIVOT.teff) / 1000;
const g = ({ logg }: Place): number => (logg - PIVOT.logg) / 1;
const m = ({ feh }: Place): number => (feh - PIVOT.feh) / 1;
/** −½ for dwarfs, +½ for giants. */
const giant = ({ logg }: Place): number => 1 / (1 + Math.exp((logg - PIVOT.logg) / STEP_WIDTH)) - 0.5;

/** Each term by name; a unit is 1000 K, 1 dex in log g, 1 dex in [Fe/H], or the whole step. */
export const TERMS = {
  constant: () => 1,
  teff: t,
  logg: g,
  feh: m,
  'teff²': (x) => t(x) ** 2,
  giant,
  'feh²': (x) => m(x) ** 2,
  'logg²': (x) => g(x) ** 2,
  'teff·logg': (x) => t(x) * g(x),
  'teff·feh': (x) => t(x) * m(x),
  'logg·feh': (x) => g(x) * m(x),
} as const satisfies Readonly<Record<string, (x: Place) => number>>;

export type TermName = keyof typeof TERMS;
export const TERM_NAMES = Object.keys(TERMS) as readonly TermName[];

/** Sets of terms that are tried, simplest first. What lies between the two, the ridge finds better than a choice of terms does. */
export const FORMS: readonly (readonly TermName[])[] = [['constant'], TERM_NAMES];

/** σ of the ridge prior of a term, in units of its label (see `unitOf`), before cross-validation scales it: slopes of a tenth or two are usual. */
export const priorOf = (term: TermName): number => (term === 'constant' ? 3 : term.length > 4 && term !== 'giant' ? 0.1 : 0.2);

export const termValues = (terms: readonly TermName[], place: Place): number[] => terms.map((term) => TERMS[term](place));
