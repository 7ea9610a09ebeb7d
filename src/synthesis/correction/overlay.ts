/**
 * An overlay: corrections of the lines of one list, as data, bound to the list by its sha256. It holds numbers only: which rows, by how much, how sure, why.
 *
 * As a file it is CSV after comment lines `# name: value`:
 *   rows       first row of the physical line in the list and number of its components (`123+4`), or `new` for a line that the list lacks
 *   species, wavelength (Å, air), excitation (eV), loggf   what the list says (for a new line: what was fitted)
 *   delta, sigma   Δlog gf and its error, dex
 *   damping        Δlog of the van der Waals width, dex, empty where it stays
 *   reason         laboratory | molecule | uncurated | suspect | added
 *   stars          letters of the stars that moved it, by the comment `# stars`
 */
import { failed, success, type Result } from '../../domain/result.ts';
import type { NpyArray } from '../../io/npz.ts';
import type { Provenance } from './lineGroups.ts';

export interface CorrectedLine {
  /** Rows of the list; none for a line that the list lacks. */
  readonly rows: readonly number[];
  readonly species: string;
  readonly wavelength: number;
  readonly excitation: number;
  readonly loggf: number;
  readonly delta: number;
  readonly sigma: number;
  readonly damping: number | null;
  readonly reason: Provenance;
  readonly stars: string;
}

export interface Overlay {
  /** File name and sha256 (hex) of the list that is corrected. */
  readonly list: string;
  readonly sha256: string;
  /** Letter and name of each star. */
  readonly stars: Readonly<Record<string, string>>;
  readonly lines: readonly CorrectedLine[];
}

const COLUMNS = 'rows,species,wavelength,excitation,loggf,delta,sigma,damping,reason,stars';

/** Rows as `first+count` when they follow one another, else `a+1;b+2`. */
function rowsText(rows: readonly number[]): string {
  if (rows.length === 0) return 'new';
  const runs: [number, number][] = [];
  for (const row of rows) {
    const last = runs[runs.length - 1];
    if (last && row === last[0] + last[1]) last[1]++;
    else runs.push([row, 1]);
  }
  return runs.map(([first, n]) => `${String(first)}+${String(n)}`).join(';');
}

const rowsOf = (text: string): number[] =>
  text === 'new'
    ? []
    : text.split(';').flatMap((run) => {
        const [first = NaN, n = NaN] = run.split('+').map(Number);
        return Array.from({ length: n }, (_, k) => first + k);
      });

/** The overlay as a file. */
export function formatOverlay({ list, sha256, stars, lines }: Overlay): string {
  const head = [
    '# Corrections of oscillator strengths (dex) that spectra of stars ask for: numbers fitted by `maury lines correct`, for use with the list named here.',
    `# list: ${list}`,
    `# sha256: ${sha256}`,
    `# stars: ${Object.entries(stars)
      .map(([letter, name]) => `${letter}=${name}`)
      .join('; ')}`,
    COLUMNS,
  ];
  const body = lines.map((l) =>
    [
      rowsText(l.rows),
      l.species,
      l.wavelength.toFixed(3),
      l.excitation.toFixed(3),
      l.loggf.toFixed(3),
      l.delta.toFixed(3),
      l.sigma.toFixed(3),
      l.damping === null ? '' : l.damping.toFixed(3),
      l.reason,
      l.stars,
    ].join(','),
  );
  return [...head, ...body, ''].join('\n');
}

const REASONS: readonly string[] = ['laboratory', 'molecule', 'uncurated', 'suspect', 'added'] satisfies readonly Provenance[];

/** Reads an overlay. Failure `OVERLAY_UNREADABLE` names the line that is not understood. */
export function parseOverlay(text: string): Result<Overlay> {
  const refuse = (what: string): Result<never> =>
    failed('OVERLAY_UNREADABLE', `The corrections of lines cannot be read: ${what}.`, 'Take the file as `maury lines correct` wrote it.');
  const all = text.split(/\r?\n/).filter((line) => line !== '');
  const comment = (name: string): string =>
    all
      .find((line) => line.startsWith(`# ${name}: `))
      ?.slice(name.length + 4)
      .trim() ?? '';
  const [list, sha256] = [comment('list'), comment('sha256')];
  if (!/^[0-9a-f]{64}$/.test(sha256)) return refuse('it does not say the sha256 of its list');
  const stars = Object.fromEntries(
    comment('stars')
      .split('; ')
      .filter((s) => s.includes('='))
      .map((s): [string, string] => [s.slice(0, s.indexOf('=')), s.slice(s.indexOf('=') + 1)]),
  );
  const body = all.filter((line) => !line.startsWith('#'));
  if (body[0] !== COLUMNS) return refuse(`its columns are '${body[0] ?? ''}', expected '${COLUMNS}'`);
  const lines: CorrectedLine[] = [];
  for (const [i, line] of body.slice(1).entries()) {
    const cells = line.split(',');
    const [rows = '', species = '', , , , , , damping = '', reason = '', letters = ''] = cells;
    const [wavelength = NaN, excitation = NaN, loggf = NaN, delta = NaN, sigma = NaN] = cells.slice(2, 7).map(Number);
    const numbers = [wavelength, excitation, loggf, delta, sigma, Number(damping), ...rowsOf(rows)];
    if (cells.length !== 10 || !REASONS.includes(reason) || !numbers.every(Number.isFinite))
      return refuse(`row ${String(i + 1)} is '${line}'`);
    lines.push({
      rows: rowsOf(rows),
      species,
      wavelength,
      excitation,
      loggf,
      delta,
      sigma,
      damping: damping === '' ? null : Number(damping),
      reason: reason as Provenance,
      stars: letters,
    });
  }
  return success({ list, sha256, stars, lines });
}

/**
 * The arrays of a list with an overlay applied: strengths and van der Waals widths moved, new lines at the end. Failure `OVERLAY_OTHER_LIST` when
 * `sha256` of the list's file is another than the overlay was made for, or a row is not there.
 */
export function applyOverlay(npz: ReadonlyMap<string, NpyArray>, sha256: string, overlay: Overlay): Result<ReadonlyMap<string, NpyArray>> {
  const other = (what: string): Result<never> =>
    failed(
      'OVERLAY_OTHER_LIST',
      `The corrections were made for ${overlay.list} with sha256 ${overlay.sha256.slice(0, 12)}…; ${what}.`,
      'Use the line list that the corrections belong to, or derive them for this one with `maury lines correct`.',
    );
  if (sha256 !== overlay.sha256) return other(`this list has ${sha256.slice(0, 12)}…`);
  const loggf = Float64Array.from(npz.get('loggf')?.data ?? []);
  const abo = Float64Array.from(npz.get('abo_loggam')?.data ?? []);
  for (const { rows, delta, damping } of overlay.lines) {
    for (const row of rows) {
      if (!(row < loggf.length)) return other(`row ${String(row)} is not in the list of ${String(loggf.length)} rows`);
      loggf[row] = (loggf[row] ?? NaN) + delta;
      if (damping !== null) abo[row] = (abo[row] ?? NaN) + damping;
    }
  }
  const added = overlay.lines.filter((line) => line.rows.length === 0);
  const out = new Map(npz);
  const numbers = (name: string, own: Float64Array | undefined, values: readonly number[]): void => {
    const data = new Float64Array((own?.length ?? 0) + values.length);
    data.set(own ?? []);
    data.set(values, own?.length ?? 0);
    out.set(name, { shape: [data.length], data });
  };
  const blank = (value: number): number[] => added.map(() => value);
  numbers(
    'loggf',
    loggf,
    added.map((l) => l.loggf + l.delta),
  );
  numbers('abo_loggam', abo, blank(NaN));
  numbers(
    'wave',
    npz.get('wave')?.data,
    added.map((l) => l.wavelength),
  );
  numbers(
    'ep',
    npz.get('ep')?.data,
    added.map((l) => l.excitation),
  );
  for (const name of ['d0', 'gamrad']) numbers(name, npz.get(name)?.data, blank(0));
  numbers('abo_alpha', npz.get('abo_alpha')?.data, blank(NaN));
  const texts = (name: string, values: readonly string[]): void => {
    const own = npz.get(name)?.text ?? [];
    out.set(name, { shape: [own.length + values.length], data: new Float64Array(0), text: [...own, ...values] });
  };
  texts(
    'species',
    added.map((l) => l.species),
  );
  texts(
    'ref',
    added.map(() => 'FITTED'),
  );
  return success(out);
}
