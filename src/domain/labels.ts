// prettier-ignore
/** The 29 elements whose [X/Fe] are labels, in label order. */
export const ELEMENTS = [
  'C', 'N', 'O', 'Na', 'Mg', 'Al', 'Si', 'S', 'K', 'Ca', 'Sc', 'Ti', 'V', 'Cr', 'Mn',
  'Co', 'Ni', 'Cu', 'Zn', 'Sr', 'Y', 'Zr', 'Ba', 'La', 'Ce', 'Pr', 'Nd', 'Sm', 'Eu',
] as const;
export type Element = (typeof ELEMENTS)[number];

/** The stellar parameters that precede the elements in every label vector. */
export const PARAMETERS = ['teff', 'logg', 'vmic', 'feh'] as const;
export type Parameter = (typeof PARAMETERS)[number];

/**
 * A label: `teff` [K], `logg` [log10 cm s⁻²], `vmic` [km/s], `feh` = [Fe/H] [dex], or an element symbol for its [X/Fe] [dex].
 * Solar scale: Asplund, Grevesse, Sauval & Scott (2009).
 */
export type LabelName = Parameter | Element;

/** The full set in its canonical order (33 labels). A bundle's manifest may hold another set or order: code reads that. */
export const LABELS: readonly LabelName[] = [...PARAMETERS, ...ELEMENTS];

/** Labels of one star as people write them; an element left out is at [X/Fe] = 0. */
export interface StellarLabels {
  readonly teff: number;
  readonly logg: number;
  readonly vmic: number;
  readonly feh: number;
  readonly xfe: Readonly<Partial<Record<Element, number>>>;
}

export const isElement = (name: string): name is Element => (ELEMENTS as readonly string[]).includes(name);

export function labelUnit(name: string): 'K' | 'dex' | 'km/s' {
  return name === 'teff' ? 'K' : name === 'vmic' ? 'km/s' : 'dex';
}

const PARAMETER_TITLES: Readonly<Record<Parameter, string>> = {
  teff: 'T_eff',
  logg: 'log g',
  vmic: 'v_mic',
  feh: '[Fe/H]',
};
/** How the field writes a label: `T_eff`, `log g`, `[Mg/Fe]`, or `[Mg/H]` on the other scale of abundances. */
export function labelTitle(name: string, scale: 'xh' | 'xfe' = 'xfe'): string {
  return name in PARAMETER_TITLES ? PARAMETER_TITLES[name as Parameter] : `[${name}/${scale === 'xh' ? 'H' : 'Fe'}]`;
}

/** Label vector in the order of `names`, from named labels. */
export function labelVector(labels: StellarLabels, names: readonly LabelName[] = LABELS): Float64Array {
  return Float64Array.from(names, (name) => (isElement(name) ? (labels.xfe[name] ?? 0) : labels[name]));
}
