/** Model atmospheres from text files, one to a file: Kurucz's and MARCS. */
import { failed, success, type Result } from '../../domain/result.ts';
import { K_CGS } from '../constants.ts';
import type { Atmosphere } from './atmosphere.ts';

const numbers = (line: string): number[] => line.trim().split(/\s+/).map(Number);
const column = (rows: readonly (readonly number[])[], i: number): Float64Array => Float64Array.from(rows, (row) => row[i]);

/** A model atmosphere from its text: Kurucz's deck (`READ DECK6 …`) or MARCS `.mod`. Fails with `DECK_FORMAT`. */
export function parseAtmosphere(text: string): Result<Atmosphere> {
  const lines = text.split(/\r?\n/);
  if (lines.some((line) => line.startsWith('READ DECK'))) return kurucz(lines);
  if (lines.some((line) => line.includes('lgTauR'))) return marcs(lines);
  return failed(
    'DECK_FORMAT',
    `Found neither 'READ DECK' nor 'lgTauR' in ${String(lines.length)} lines.`,
    'Give a model atmosphere in the text format of ATLAS or MARCS.',
  );
}

/** A structure in which column mass grows inward and all is positive; failure `DECK_FORMAT` naming the layer where it is not. */
function sound(atmosphere: Atmosphere): Result<Atmosphere> {
  const { rhox, temperature, pressure, electronDensity } = atmosphere;
  for (const [name, values] of Object.entries({ RHOX: rhox, T: temperature, P: pressure, n_e: electronDensity })) {
    const bad = values.findIndex((value, i) => !(value > 0) || (name === 'RHOX' && i > 0 && value <= values[i - 1]));
    if (bad >= 0)
      return failed(
        'DECK_FORMAT',
        `${name} = ${String(values[bad])} in layer ${String(bad + 1)}.`,
        'Everything in a model atmosphere is positive, and its column mass grows inward.',
      );
  }
  return success(atmosphere);
}

/** RHOX, T, P, n_e, … per layer. */
function kurucz(lines: readonly string[]): Result<Atmosphere> {
  const start = lines.findIndex((line) => line.startsWith('READ DECK'));
  const title =
    lines
      .find((line) => line.startsWith('TITLE'))
      ?.slice(5)
      .trim() ?? 'Kurucz deck';
  const rows = lines
    .slice(start + 1)
    .map(numbers)
    .filter((row) => row.length >= 4 && row.every(Number.isFinite));
  const declared = Number(/READ DECK\d*\s+(\d+)/.exec(lines[start])?.[1] ?? rows.length);
  if (rows.length < 10 || rows.length !== declared)
    return failed(
      'DECK_FORMAT',
      `Found ${String(rows.length)} layers after 'READ DECK', which announces ${String(declared)}.`,
      'Give a complete model atmosphere.',
    );
  return sound({
    title,
    rhox: column(rows, 0),
    temperature: column(rows, 1),
    pressure: column(rows, 2),
    electronDensity: column(rows, 3),
  });
}

/** Two tables: `k lgTauR lgTau5 Depth T Pe Pg …`, then `k lgTauR KappaRoss Density Mu Vconv Fconv/F RHOX`. */
function marcs(lines: readonly string[]): Result<Atmosphere> {
  const table = (head: string): number[][] => {
    const start = lines.findIndex((line) => line.includes('lgTauR') && line.includes(head));
    const rows: number[][] = [];
    for (const line of lines.slice(start + 1)) {
      const row = numbers(line);
      if (row.length < 8 || !row.every(Number.isFinite)) break;
      rows.push(row);
    }
    return rows;
  };
  const [state, mass] = [table('Pg'), table('RHOX')];
  if (state.length < 10 || mass.length !== state.length)
    return failed(
      'DECK_FORMAT',
      `Found ${String(state.length)} layers of T and ${String(mass.length)} of RHOX.`,
      'Give a complete MARCS model.',
    );
  const declared = Number(
    lines.map((line) => /^\s*(\d+)\s+Number of depth points/.exec(line)?.[1]).find((n) => n !== undefined) ?? state.length,
  );
  if (state.length !== declared)
    return failed('DECK_FORMAT', `Found ${String(state.length)} layers of ${String(declared)} announced.`, 'Give a complete MARCS model.');
  const temperature = column(state, 4);
  return sound({
    title: lines[0].trim(),
    rhox: column(mass, 7),
    temperature,
    pressure: column(state, 6),
    electronDensity: column(state, 5).map((pe, i) => pe / (K_CGS * temperature[i])),
    tau5000: column(state, 2).map((log) => 10 ** log),
  });
}
