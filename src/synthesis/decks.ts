import { failed, success, type Result } from '../domain/result.ts';
import { K_CGS } from './constants.ts';
import type { Atmosphere } from './atmosphere.ts';

const numbers = (line: string): number[] => line.trim().split(/\s+/).map(Number);
const column = (rows: readonly (readonly number[])[], i: number): Float64Array => Float64Array.from(rows, (row) => row[i] ?? NaN);

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
  if (rows.length < 10)
    return failed('DECK_FORMAT', `Found ${String(rows.length)} layers after 'READ DECK'.`, 'Give a complete model atmosphere.');
  return success({
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
  const temperature = column(state, 4);
  return success({
    title: lines[0]?.trim() ?? 'MARCS',
    rhox: column(mass, 7),
    temperature,
    pressure: column(state, 6),
    electronDensity: column(state, 5).map((pe, i) => pe / (K_CGS * (temperature[i] ?? NaN))),
    tau5000: column(state, 2).map((log) => 10 ** log),
  });
}
