/** The line lists of the physics tables, and what to cite for each. */
import { join } from 'node:path';

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
  corrected: {
    file: 'lines/linemake_vald.npz',
    citation: `linemake (Placco et al. 2021, RNAAS 5, 92), with VALD data (Ryabchikova et al. 2015, Phys. Scr. 90, 054005) for uncurated lines of Fe and Z <= 20, oscillator strengths corrected by spectra of stars (docs/physics/lines.md); ${VDW}; ${HYDROGEN}`,
  },
} as const;

/** Files of corrections that are applied to a list when it is loaded. */
export const OVERLAYS: Readonly<Partial<Record<LineListName, string>>> = {
  corrected: join(import.meta.dirname, '../lines/vald-corrected.csv'),
};

export type LineListName = keyof typeof LINE_LISTS;
/** The list of training sets, and of what is compared with a model that was trained on them. */
export const DEFAULT_LINES: LineListName = 'corrected';
export const LINE_LIST_NAMES: readonly LineListName[] = ['merged', 'vald', 'corrected'];
