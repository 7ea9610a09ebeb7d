/** `maury lines correct`: oscillator strengths that spectra of stars ask for, as an overlay of a line list. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, numberOption, openCommand, refuse } from './args.ts';
import { correctionReport, leaveOneOut, sunPicture } from '../lines/report.ts';
import { readObservedStars } from '../lines/observedStars.ts';
import { markSuspects, readIdentifications } from '../lines/witnesses.ts';
import { LINE_LISTS } from '../files/lineLists.ts';
import { defaultTables, readTables } from '../files/tablesFolder.ts';
import { angstrom } from '../../src/domain/units.ts';
import { readNpz } from '../../src/io/npz.ts';
import { vacuumToAir } from '../../src/spectra/airVacuum.ts';
import { correctLines, type CorrectionResult, type CorrectionRun } from '../../src/synthesis/correction/correctLines.ts';
import { physicalLines } from '../../src/synthesis/correction/lineGroups.ts';
import { applyOverlay, formatOverlay, parseOverlay, type CorrectedLine, type Overlay } from '../../src/synthesis/correction/overlay.ts';

const HELP = `maury lines correct --out overlay.csv [options]: corrections Δlog gf of the list 'vald' that high-resolution spectra of stars ask for

  --out FILE      the overlay: numbers only, bound to the list by its sha256
  --report FILE   Markdown: every star before and after, and by corrections from the other stars alone; beside it a picture of the Sun (.svg)
  --tables DIR    physics tables, with lines/witnesses (default $MAURY_SHARED/physics)
  --spectra DIR   spectra of the stars (default $MAURY_SHARED/spectra)
  --start FILE    an earlier overlay of the same list to go on from
  --stars A,B     only these spectra (ids as the report prints them)
  --rounds N      rounds before, and after each time that missing lines are added (default 2)

Takes some twenty minutes and 3 GB.
`;

/** Corrections smaller than this change nothing that a spectrum shows, dex. */
const SMALLEST = 0.02;

/** The lines command. */
export function run(args: readonly string[]): Promise<number> {
  return Promise.resolve(correct(args));
}

function correct(args: readonly string[]): number {
  const [action, ...rest] = args;
  const parsed = openCommand(HELP, {
    args: action === 'correct' ? rest : [...args],
    options: {
      out: { type: 'string' },
      report: { type: 'string' },
      tables: { type: 'string' },
      spectra: { type: 'string' },
      start: { type: 'string' },
      stars: { type: 'string' },
      rounds: { type: 'string' },
    },
    allowPositionals: action !== 'correct',
  });
  if (!parsed.ok) return parsed.code;
  const { values } = parsed.value;
  if (action !== 'correct' || values.out === undefined)
    return refuse({
      code: 'BAD_OPTION',
      message: action === 'correct' ? '--out is missing.' : `Unknown action "${action ?? ''}".`,
      hint: 'maury lines correct --out FILE',
    });
  const rounds = numberOption('rounds', values.rounds, 2, { min: 1, max: 20, integer: true });
  if (!rounds.ok) return refuse(rounds.failure);
  const folder = values.tables ?? defaultTables();
  const spectra = values.spectra ?? join(process.env.MAURY_SHARED ?? '../shared', 'spectra');
  const tables = readTables(folder, 'vald');
  if (!tables.ok) return refuse(tables.failure, EXIT.failed);
  const started = performance.now();
  const report = (message: string): void => {
    process.stderr.write(`[${((performance.now() - started) / 1000).toFixed(0)} s] ${message}\n`);
  };
  let setup: CorrectionRun;
  let bytes: Uint8Array;
  let identifications;
  let start: Overlay | undefined;
  try {
    bytes = readFileSync(join(folder, LINE_LISTS.vald.file));
    const arrays = readNpz(bytes);
    const wanted = values.stars?.split(',');
    const observed = readObservedStars(spectra, report).filter((o) => wanted?.includes(o.id) ?? true);
    if (observed.length === 0)
      return refuse({ code: 'BAD_OPTION', message: `--stars is "${values.stars ?? ''}".`, hint: 'Name spectra as the report does.' });
    const witnesses = join(folder, 'lines/witnesses');
    setup = { tables: tables.value, arrays, lines: markSuspects(physicalLines(arrays), witnesses, 'vald'), observed, stepKms: 1.5 };
    identifications = readIdentifications(witnesses);
    if (values.start !== undefined) {
      const overlay = parseOverlay(readFileSync(values.start, 'utf8'));
      if (!overlay.ok) return refuse(overlay.failure, EXIT.failed);
      const fits = applyOverlay(arrays, createHash('sha256').update(bytes).digest('hex'), overlay.value);
      if (!fits.ok) return refuse(fits.failure, EXIT.failed);
      start = overlay.value;
    }
  } catch (error) {
    return refuse(
      {
        code: 'FILE_UNREADABLE',
        message: error instanceof Error ? error.message : String(error),
        hint: 'Give complete folders with --tables and --spectra, or set MAURY_SHARED.',
      },
      EXIT.failed,
    );
  }
  const result = correctLines(setup, {
    rounds: [rounds.value, rounds.value],
    // twice the Sun: what the first additions uncover shows only after they are fitted
    missingIn: start === undefined ? ['Sun HARPS', 'delta Eri', 'Sun HARPS'] : ['delta Eri'],
    confirmedBy: ['Sun HARPS', 'beta Hyi', 'delta Eri', 'Procyon'],
    identifications,
    vacuumToAir: (wavelength) => vacuumToAir(angstrom(wavelength)),
    report,
    ...(start === undefined ? {} : { start }),
  });
  if (!result.ok) return refuse(result.failure, EXIT.failed);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(values.out, overlayText(result.value, sha256));
  report(`${values.out} written`);
  if (values.report !== undefined) {
    const others = leaveOneOut(setup, result.value, report);
    writeFileSync(values.report, correctionReport(result.value, others));
    writeFileSync(values.report.replace(/(\.md)?$/, '.svg'), sunPicture(result.value));
    report(`${values.report} written`);
  }
  return EXIT.done;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** A spectrum that holds this share of the information on a line moved it. */
const MOVED_IT = 0.1;

function overlayText({ lines, state, errors, after }: CorrectionResult, sha256: string): string {
  const ids = after.map((c) => c.observed.id);
  const corrected = [...errors.keys()]
    .sort((a, b) => a - b)
    .flatMap((g): CorrectedLine[] => {
      const line = lines[g];
      const delta = state.corrections.strength[g] ?? 0;
      const damping = state.corrections.damping.get(g) ?? null;
      const error = errors.get(g);
      const moved = Math.abs(delta) >= SMALLEST || (damping !== null && Math.abs(damping) >= SMALLEST);
      if (!line || !error || (line.provenance !== 'added' && !moved)) return [];
      return [
        {
          rows: line.provenance === 'added' ? [] : line.rows,
          species: line.species,
          wavelength: line.wavelength,
          excitation: line.excitation,
          loggf: line.loggf,
          delta,
          sigma: error.sigma,
          damping: damping !== null && Math.abs(damping) >= SMALLEST ? damping : null,
          reason: line.provenance,
          stars: error.shares.map((share, k) => (share >= MOVED_IT ? (LETTERS[k] ?? '') : '')).join(''),
        },
      ];
    });
  return formatOverlay({
    list: LINE_LISTS.vald.file,
    sha256,
    stars: Object.fromEntries(ids.map((id, k): [string, string] => [LETTERS[k] ?? '?', id])),
    lines: corrected.sort((a, b) => a.wavelength - b.wavelength),
  });
}
