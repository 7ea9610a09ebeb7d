/**
 * The body that a model was trained on. A box of label ranges is not all of it: the training stars were drawn under conditions that join labels, and
 * beyond one of them the model is as much an extrapolation as beyond the box (there, errors of 3 % of the continuum have been found in place of 0.1 %).
 */
import { labelTitle, type LabelName } from './labels.ts';

/** Conditions of the draw, as data (the manifest's `region`); one that is absent was not made. */
export interface Region {
  /** log g (cgs) is at least floor + (T_eff − from)/kelvinPerDex, held between floor and ceiling: hot stars of low gravity have no atmospheres. */
  readonly lowestLogg?:
    { readonly floor: number; readonly ceiling: number; readonly from: number; readonly kelvinPerDex: number } | undefined;
  /** [C/Fe] − [O/Fe] (dex) is at most this: with more carbon than oxygen other molecules rule the star. */
  readonly mostCarbonOverOxygen?: number | undefined;
}

type Named = readonly { readonly name: LabelName }[];

/** Where labels stand to one condition. */
export interface Condition {
  readonly name: keyof Region;
  /** The labels that it joins; the first is the one whose scale `beyond` is told in. */
  readonly labels: readonly [LabelName, LabelName];
  /** How far beyond the condition, in units of the first label; negative inside. */
  readonly beyond: number;
  /** ∂beyond/∂label, in the order of `labels`. */
  readonly slopes: readonly [number, number];
  /** What is bounded, its value and its bound, in words. */
  readonly text: string;
}

const shown = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

/** Lowest log g (cgs) at a T_eff (K), and its slope (dex/K). */
function lowestLoggAt(
  { floor, ceiling, from, kelvinPerDex }: NonNullable<Region['lowestLogg']>,
  teff: number,
): [value: number, slope: number] {
  const line = floor + (teff - from) / kelvinPerDex;
  if (line <= floor) return [floor, 0];
  return line >= ceiling ? [ceiling, 0] : [line, 1 / kelvinPerDex];
}

/** Every condition of a region at labels given by name (own units); conditions on labels that are not there are left out. */
export function conditionsAt(region: Region | undefined, value: (name: LabelName) => number | undefined): Condition[] {
  const out: Condition[] = [];
  const [teff, logg, carbon, oxygen] = [value('teff'), value('logg'), value('C'), value('O')];
  if (region?.lowestLogg !== undefined && teff !== undefined && logg !== undefined) {
    const [lowest, slope] = lowestLoggAt(region.lowestLogg, teff);
    out.push({
      name: 'lowestLogg',
      labels: ['logg', 'teff'],
      beyond: lowest - logg,
      slopes: [-1, slope],
      text: `log g = ${shown(logg, 3)} at ${shown(teff, 0)} K, where the training stars begin at ${shown(lowest, 2)}`,
    });
  }
  if (region?.mostCarbonOverOxygen !== undefined && carbon !== undefined && oxygen !== undefined) {
    out.push({
      name: 'mostCarbonOverOxygen',
      labels: ['C', 'O'],
      beyond: carbon - oxygen - region.mostCarbonOverOxygen,
      slopes: [1, -1],
      text: `[C/O] = ${shown(carbon - oxygen, 3)}, where the training stars end at ${shown(region.mostCarbonOverOxygen, 2)}`,
    });
  }
  return out;
}

/** Conditions that a vector of labels (order of `info.labels`) breaks: there the model's flux is an extrapolation although each label is in its range. */
export function brokenConditions(info: { readonly labels: Named; readonly region?: Region }, labels: ArrayLike<number>): Condition[] {
  const place = new Map(info.labels.map(({ name }, i) => [name, i]));
  const value = (name: LabelName): number | undefined => {
    const i = place.get(name);
    return i === undefined ? undefined : labels[i];
  };
  return conditionsAt(info.region, value).filter(({ beyond }) => beyond > 0);
}

/** In words: the condition, and how to come back inside. */
export const conditionText = ({ text, labels: [label], beyond }: Condition): string =>
  `${text}: ${labelTitle(label)} is ${String(Number(beyond.toPrecision(2)))} dex outside`;
