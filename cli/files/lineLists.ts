/** The line lists of the physics tables, and what to cite for each. */
const VDW = "van der Waals widths: Barklem, Piskunov & O'Mara (2000, A&AS 142, 467)";
const HYDROGEN = 'H: Stehle & Hutcheon (1999, A&AS 140, 93)';

export const LINE_LISTS = {
  merged: {
    file: 'lines/linemake_merged.npz',
    citation: `linemake, merged (Placco et al. 2021, RNAAS 5, 92); ${VDW}; ${HYDROGEN}`,
  },
  vald: {
    file: 'lines/linemake_vald.npz',
    citation: `linemake (Placco et al. 2021, RNAAS 5, 92), with VALD data (Ryabchikova et al. 2015, Phys. Scr. 90, 054005) for uncurated lines of Fe and Z <= 20; ${VDW}; ${HYDROGEN}`,
  },
} as const;

export type LineListName = keyof typeof LINE_LISTS;
export const LINE_LIST_NAMES: readonly LineListName[] = ['merged', 'vald'];
