/** What a correction of lines did to the stars, as Markdown: with all stars, and each star judged by corrections from the others alone. */
import { compare } from '../../src/synthesis/correction/comparison.ts';
import type { Comparison } from '../../src/synthesis/correction/comparison.ts';
import { rms, type CorrectionResult, type CorrectionRun } from '../../src/synthesis/correction/correctLines.ts';
import { advance, correctedLines, solveStep } from '../../src/synthesis/correction/jointFit.ts';
import { misfit } from '../../src/synthesis/correction/misfit.ts';
import { markdownTable } from '../files/markdownTable.ts';

/** Stretches in which the metallicity's bias is looked at, Å. */
export const WINDOWS: readonly (readonly [number, number])[] = [
  [3950, 4500],
  [4500, 5000],
  [5000, 5500],
  [5500, 6500],
  [6640, 8100],
];
const signed = (x: number): string => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(3)}`;
/** A row's cells: bias and misfit in each stretch that the spectrum covers. */
const cells = (c: Comparison | null): readonly string[] => {
  const found = c === null ? [] : misfit(c, WINDOWS);
  return WINDOWS.map(([from]) => {
    const w = found.find((m) => m.from === from);
    return w ? `${signed(w.bias)} (${(100 * w.rms).toFixed(2)} %)` : '–';
  });
};

/** Each star compared with corrections from the other stars alone: the joint problem solved again without it, from where all stars have led. */
export function leaveOneOut(
  run: CorrectionRun,
  result: CorrectionResult,
  report: (message: string) => void,
): ReadonlyMap<string, Comparison> {
  const { after, lines, list, owner, state } = result;
  const out = new Map<string, Comparison>();
  for (const name of new Set(after.map((c) => c.observed.star.name))) {
    const { layout, step } = solveStep(
      after,
      lines,
      state,
      after.map((c) => c.observed.star.name !== name),
    );
    const without = advance(state, after, layout, step, Infinity);
    const corrected = correctedLines(list, owner, without.corrections);
    after.forEach((c, at) => {
      if (c.observed.star.name !== name) return;
      const s = state.stars[at];
      const again = s ? compare(run.tables, corrected, c.observed, s, run.stepKms, owner, lines.length, new Set(), c) : null;
      if (again?.ok === true) out.set(c.observed.id, again.value);
    });
    report(`without ${name}`);
  }
  return out;
}

/** The tables. */
export function correctionReport(result: CorrectionResult, others: ReadonlyMap<string, Comparison>): string {
  const rows = result.after.flatMap((after) => {
    const before = result.before.find((c) => c.observed.id === after.observed.id) ?? null;
    const left = others.get(after.observed.id) ?? null;
    return (
      [
        ['before', before],
        ['after', after],
        ['by the other stars', left],
      ] as const
    ).map(([what, c]) => [
      what === 'before' ? after.observed.id : '',
      what,
      c === null ? '–' : `${(100 * rms(c)).toFixed(2)} %`,
      ...cells(c),
    ]);
  });
  const head = ['spectrum', 'lines', 'rms, all pixels', ...WINDOWS.map(([a, b]) => `${String(a)}–${String(b)} Å`)];
  const moved = [...result.errors.keys()];
  const provenances = ['laboratory', 'molecule', 'uncurated', 'suspect', 'added'] as const;
  const statistics = provenances.map((p) => {
    const deltas = moved.filter((g) => result.lines[g]?.provenance === p).map((g) => result.state.corrections.strength[g] ?? 0);
    deltas.sort((a, b) => a - b);
    const q = (f: number): string => (deltas.length === 0 ? '–' : signed(deltas[Math.floor(f * (deltas.length - 1))] ?? NaN));
    return [p, String(deltas.length), q(0.05), q(0.25), q(0.5), q(0.75), q(0.95)];
  });
  const largest = moved
    .filter((g) => result.lines[g]?.provenance !== 'added')
    .sort((a, b) => importance(result, b) - importance(result, a))
    .slice(0, 100)
    .map((g) => {
      const l = result.lines[g];
      return l
        ? [
            l.species,
            l.wavelength.toFixed(3),
            l.excitation.toFixed(3),
            l.loggf.toFixed(2),
            signed(result.state.corrections.strength[g] ?? 0),
            (result.errors.get(g)?.sigma ?? NaN).toFixed(2),
            l.provenance,
          ]
        : [];
    });
  return [
    '### Each spectrum before and after, and by corrections from the other stars alone',
    '',
    'Bias of [M/H] that a fit at R = 1800 to the stretch alone would have (misfit, rms).',
    '',
    markdownTable(head, rows),
    '',
    '### What moved, by how well it was known (Δlog gf, dex)',
    '',
    markdownTable(['kind', 'lines', '5 %', '25 %', 'median', '75 %', '95 %'], statistics),
    '',
    '### The hundred corrections that change the spectra most',
    '',
    markdownTable(['species', 'λ (Å, air)', 'χ (eV)', 'log gf', 'Δ', 'σ', 'kind'], largest),
    '',
  ].join('\n');
}

/** Largest change of any star's flux that a correction makes, roughly: the derivative before it times Δ, at most the line itself. */
const importance = (result: CorrectionResult, g: number): number => {
  const delta = Math.abs(result.state.corrections.strength[g] ?? 0);
  return result.before.reduce((most, c) => {
    const window = c.strength[g];
    return window ? Math.max(most, window.values.reduce((m, v) => Math.max(m, Math.abs(v)), 0) * Math.min(delta, 0.5)) : most;
  }, 0);
};
