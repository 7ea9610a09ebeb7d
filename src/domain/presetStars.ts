/** Sets of labels for the sliders, of stars whose labels are known well, with where they are from. */
export interface PresetStar {
  readonly id: string;
  readonly title: string;
  /** By label name, own units; the Sun's where absent. */
  readonly labels: Readonly<Record<string, number>>;
  readonly source: string;
}

const BENCHMARK = 'T_eff and log g: Heiter et al. (2015); [Fe/H]: Jofré et al. (2014), Gaia FGK benchmark stars';

export const PRESET_STARS: readonly PresetStar[] = [
  { id: 'sun', title: 'Sun', labels: {}, source: 'IAU 2015 nominal values; [X/H] = 0 by definition' },
  {
    id: 'arcturus',
    title: 'Arcturus (K giant)',
    labels: {
      ...{ teff: 4286, logg: 1.66, vmic: 1.74, feh: -0.52, C: 0.43, O: 0.5, Na: 0.11, Mg: 0.37, Al: 0.34, Si: 0.33, K: 0.2, Ca: 0.11 },
      ...{ Ti: 0.27, V: 0.2, Cr: -0.05, Mn: -0.21, Co: 0.09, Ni: 0.06, Zn: 0.22 },
    },
    source: 'Ramírez & Allende Prieto (2011); neutral lines; elements not listed there as in the Sun',
  },
  { id: 'procyon', title: 'Procyon (F subgiant)', labels: { teff: 6554, logg: 4, vmic: 1.7, feh: 0.01 }, source: BENCHMARK },
  { id: 'mu-leo', title: 'μ Leonis (metal-rich giant)', labels: { teff: 4474, logg: 2.51, vmic: 1.5, feh: 0.25 }, source: BENCHMARK },
  { id: 'hd-22879', title: 'HD 22879 (thick disc)', labels: { teff: 5868, logg: 4.27, vmic: 1.1, feh: -0.86 }, source: BENCHMARK },
  {
    id: 'hd-140283',
    title: 'HD 140283 (metal-poor subgiant)',
    labels: { teff: 5522, logg: 3.58, vmic: 1.4, feh: -2.36 },
    source: BENCHMARK,
  },
];
