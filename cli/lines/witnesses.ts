/** Independent witnesses of which lines exist (shared folder, `physics/lines/witnesses`): suspects of the list, and identifications of lines that it may lack. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PhysicalLine } from '../../src/synthesis/correction/lineGroups.ts';
import type { Identification } from '../../src/synthesis/correction/missingLines.ts';
import { SYMBOLS } from '../../src/synthesis/tables/elements.ts';

/** `Fe I` as MOOG's code `26.0`; null when it is not understood. */
function codeOf(name: string): string | null {
  const [symbol = '', stage = ''] = name.trim().split(/\s+/);
  const z = SYMBOLS.findIndex((s) => s === symbol);
  const ion = ['I', 'II', 'III'].indexOf(stage);
  return z < 1 || ion < 0 ? null : `${String(z)}.${String(ion)}`;
}

/** How closely a suspect's wavelength must agree with a line's, Å. */
const SAME = 0.011;

/** The physical lines with those that `suspect_lines.csv` lists for this form of the list (`vald`, `merged`) marked as suspects. Throws when the file is missing. */
export function markSuspects(lines: readonly PhysicalLine[], witnesses: string, form: string): PhysicalLine[] {
  const suspects = new Map<string, number[]>();
  for (const row of readFileSync(join(witnesses, 'suspect_lines.csv'), 'utf8').split('\n').slice(1)) {
    const [list = '', name = '', wave = ''] = row.split(',');
    const code = codeOf(name);
    if (list !== form || code === null) continue;
    suspects.set(code, [...(suspects.get(code) ?? []), Number(wave)]);
  }
  return lines.map((line) =>
    line.provenance === 'uncurated' && suspects.get(line.species)?.some((w) => Math.abs(w - line.wavelength) < SAME) === true
      ? { ...line, provenance: 'suspect' }
      : line,
  );
}

/** Identifications of the Arcturus atlas (species and wavelength) and of a selection of VALD (excitation, too). Throws when a file is missing. */
export function readIdentifications(witnesses: string): Identification[] {
  const out: Identification[] = [];
  for (const row of readFileSync(join(witnesses, 'hinkle_2000_APPI_lines.txt'), 'utf8').split('\n')) {
    const [name = '', wave = ''] = row.split(',');
    const species = codeOf(name);
    if (species !== null && Number(wave) > 0) out.push({ species, wavelength: Number(wave), excitation: null });
  }
  for (const row of readFileSync(join(witnesses, 'fasma_vald_4500_6844.lst'), 'utf8').split('\n')) {
    const [wave = '', species = '', excitation = ''] = row.trim().split(/\s+/);
    if (/^\d+\.\d$/.test(species) && Number(wave) > 0) out.push({ species, wavelength: Number(wave), excitation: Number(excitation) });
  }
  return out;
}
