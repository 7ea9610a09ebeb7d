/** What a correction of lines did to the stars, as Markdown: with all stars, and each star judged by corrections from the others alone. */
import { compare } from '../../src/synthesis/correction/comparison.ts';
import type { Comparison } from '../../src/synthesis/correction/comparison.ts';
import { rms, type CorrectionResult, type CorrectionRun } from '../../src/synthesis/correction/correctLines.ts';
import { advance, correctedLines, solveStep } from '../../src/synthesis/correction/jointFit.ts';
import { misfit } from '../../src/synthesis/correction/misfit.ts';
import { markdownTable } from '../files/markdownTable.ts';
import { axis, document, dots, frame, text } from '../files/svg.ts';

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

const SUN = 'Sun TSIS';
/** Misfit of the Sun at R = 1800 by stretches of 100 Å, in per cent. */
function sunByHundred(comparisons: readonly Comparison[]): readonly { readonly at: number; readonly rms: number }[] {
  const sun = comparisons.find((c) => c.observed.id === SUN);
  const windows = Array.from({ length: 51 }, (_, i) => [3900 + 100 * i, 4000 + 100 * i] as const);
  return sun === undefined ? [] : misfit(sun, windows).map((w) => ({ at: w.from + 50, rms: 100 * w.rms }));
}

/** A picture (SVG) of the Sun's misfit before and after, by wavelength. */
export function sunPicture({ before, after }: CorrectionResult): string {
  const box = { x: 70, y: 20, width: 620, height: 260 };
  const x = axis('wavelength (Å, vacuum)', 3900, 9000, 8);
  const y = axis('observed − model at R = 1800, rms (%)', 0, 4, 4);
  const series = [
    { points: sunByHundred(before), colour: '#d55e00', title: 'list as it is' },
    { points: sunByHundred(after), colour: '#0072b2', title: 'corrected' },
  ];
  return document(720, 330, [
    frame(box, x, y),
    ...series.map(({ points, colour }) =>
      dots(box, x, y, [{ x: points.map((p) => p.at), y: points.map((p) => Math.min(p.rms, 4)), colour }], 7),
    ),
    ...series.map(({ colour, title }, i) =>
      text(box.x + box.width - 12, box.y + 24 + 18 * i, title, { anchor: 'end', colour, weight: 600 }),
    ),
  ]);
}

function sunTable({ before, after }: CorrectionResult): string {
  const [old, now] = [sunByHundred(before), sunByHundred(after)];
  const half = Math.ceil(now.length / 2);
  const row = (i: number): string[] => {
    const cell = now[i];
    return cell === undefined
      ? ['', '', '']
      : [String(cell.at - 50), (old.find((o) => o.at === cell.at)?.rms ?? NaN).toFixed(2), cell.rms.toFixed(2)];
  };
  return markdownTable(
    ['from (Å)', 'before', 'after', 'from (Å)', 'before', 'after'],
    Array.from({ length: half }, (_, i) => [...row(i), ...row(i + half)]),
  );
}

/** What was taken for known of each star, and where its free parameters ended. */
function starTable({ after, state }: CorrectionResult): string {
  const seen = new Set<string>();
  const rows = after.flatMap(({ observed: { star } }, at) => {
    const s = state.stars[at];
    if (seen.has(star.name) || s === undefined) return [];
    seen.add(star.name);
    return [
      [
        star.name,
        star.teff.toFixed(0),
        star.logg.toFixed(2),
        signed(star.feh),
        star.vmic.toFixed(2),
        `${signed(s.teff).replace(/\..*/, '')} (${star.sigmaTeff.toFixed(0)})`,
        `${signed(s.vmic)} (${star.sigmaVmic.toFixed(2)})`,
        star.sigmaXh === 0 ? 'held' : `${signed(s.abundances[0] ?? 0)} (${star.sigmaXh.toFixed(2)})`,
      ],
    ];
  });
  return markdownTable(['star', 'T_eff (K)', 'log g', '[Fe/H]', 'v_mic (km/s)', 'ΔT_eff', 'Δv_mic', 'Δ[Fe/H]'], rows);
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
    '# Lines that the stars agree with',
    '',
    'Written by `maury lines correct --report`: what the corrections of the list `vald` (`--lines corrected`) rest on, and what they do.',
    '',
    '## The stars',
    '',
    'Labels that were taken for known, and how far each star moved from them (in brackets the σ that it was given; a temperature may move by one σ,',
    'abundances and v_mic by two).',
    '',
    starTable(result),
    '',
    '## Each spectrum before and after, and by corrections from the other stars alone',
    '',
    'Bias of [M/H] that a fit at R = 1800 to the stretch alone would have, the star at the parameters above (in brackets the misfit, rms).',
    'The rows "by the other stars" are not wholly free of the star itself: the problem is solved again without it from where all stars have led, to first order, the star',
    'keeps its own parameters, and lines that the list lacks stay, with the strength guessed in the star that showed them (the Sun or delta Eri) as their starting value.',
    '',
    markdownTable(head, rows),
    '',
    '## The Sun, TSIS-1 irradiance, rms at R = 1800 by 100 Å (%)',
    '',
    sunTable(result),
    '',
    '## What moved, by how well it was known (Δlog gf, dex)',
    '',
    markdownTable(['kind', 'lines', '5 %', '25 %', 'median', '75 %', '95 %'], statistics),
    '',
    '## The hundred corrections that change the spectra most',
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
