/** The report of injection and recovery in Markdown. */
import { labelTitle, labelUnit } from '../../src/domain/labels.ts';
import { median, robustSigma } from '../../src/math/statistics.ts';
import { fixed, markdownTable } from '../../cli/files/markdownTable.ts';
import type { FittedStar, InferenceRecord } from './record.ts';
import {
  binomialError,
  FEWEST_JUDGED,
  isMeasured,
  labelStatistics,
  misses,
  TARGETS,
  type LabelStatistics,
  type Miss,
} from './statistics.ts';

export interface Recovered {
  readonly snr: number;
  readonly stars: readonly FittedStar[];
  readonly failures: readonly Extract<InferenceRecord, { ok: false }>[];
  /** Labels over the stars that measure them, and over all; null where too few. */
  readonly measured: readonly (LabelStatistics | null)[];
  readonly all: readonly (LabelStatistics | null)[];
}

/** Records by S/N, with their statistics, for labels in the order `names`. */
export function bySnr(records: readonly InferenceRecord[], names: readonly string[]): Recovered[] {
  const values = [...new Set(records.map((record) => record.snr))].sort((a, b) => a - b);
  return values.map((snr) => {
    const here = records.filter((record) => record.snr === snr);
    const stars = here.filter((record) => record.ok);
    return {
      snr,
      stars,
      failures: here.filter((record) => !record.ok),
      measured: names.map((name) => labelStatistics(stars, name, isMeasured)),
      all: names.map((name) => labelStatistics(stars, name, () => true)),
    };
  });
}

const percent = (share: number, n: number): string => `${fixed(100 * share, 0)} ± ${fixed(100 * binomialError(share, n), 0)}`;
const pValue = (p: number): string => (p < 0.001 ? '< 0.001' : fixed(p, 3));

/** Those that are no chance in bold. */
const inWords = (missed: readonly Miss[]): string => missed.map(({ target, clear }) => (clear ? `**${target}**` : target)).join(', ');

function row(name: string, s: LabelStatistics | null, verdict: boolean): string[] {
  const unit = labelUnit(name);
  const title = `${labelTitle(name)}${unit === 'dex' ? '' : ` (${unit})`}`;
  if (s === null) return [title, '–', ...Array.from({ length: verdict ? 10 : 9 }, () => '')];
  const missed = misses(s);
  return [
    title,
    String(s.stars),
    fixed(s.sigma, name === 'teff' ? 0 : 3),
    fixed(s.priorFraction, 2),
    `${fixed(s.bias, 2)} ± ${fixed(s.biasError, 2)}`,
    `${fixed(s.width, 2)} ± ${fixed(s.widthError, 2)}`,
    fixed(s.plainWidth, 2),
    percent(s.within68, s.stars),
    percent(s.within95, s.stars),
    fixed(s.overCramerRao, 2),
    pValue(s.ksP),
    ...(verdict ? [s.stars < FEWEST_JUDGED ? 'too few' : missed.length === 0 ? 'hit' : `miss: ${inWords(missed)}`] : []),
  ];
}

const HEAD = [
  'label',
  'stars',
  'median σ',
  'σ/prior',
  'bias/σ',
  'pull σ (MAD)',
  'pull σ (plain)',
  'in 68 %',
  'in 95 %',
  'scatter/CR',
  'KS p',
];

/** Labels that enough stars measure. */
const judgedOf = (measured: readonly (LabelStatistics | null)[]): LabelStatistics[] =>
  measured.filter((s) => s !== null).filter((s) => s.stars >= FEWEST_JUDGED);

function summary({ stars, failures, measured }: Recovered): string {
  const judged = judgedOf(measured);
  const hits = judged.filter((s) => misses(s).length === 0).length;
  const clear = judged.filter((s) => misses(s).some((miss) => miss.clear)).length;
  const count = (what: Miss['target']): number => judged.filter((s) => misses(s).some(({ target }) => target === what)).length;
  const rv = stars.map((star) => (star.rv.value - star.rv.truth) / star.rv.sigma);
  const chi2 = median(stars.map((star) => star.chi2Reduced));
  const failed =
    failures.length === 0
      ? 'none failed'
      : `${String(failures.length)} failed (${[...new Set(failures.map(({ code }) => code))].join(', ')})`;
  return [
    `${String(stars.length)} stars; ${failed}; ${String(stars.filter((star) => !star.converged).length)} not converged; median χ²/ν ${fixed(chi2, 2)}; velocity: pull σ ${fixed(robustSigma(rv), 2)}, bias ${fixed(median(rv), 2)} σ;`,
    `**${String(hits)} of ${String(judged.length)} labels hit all targets** (missed: bias ${String(count('bias'))}, pull ${String(count('pull'))}, scatter ${String(count('scatter'))}); ${String(clear)} miss one by more than twice the error of the estimate.`,
  ].join(' ');
}

/** The targets against all S/N, in a line each. */
export function targetLines(recovered: readonly Recovered[]): string[] {
  return recovered.map((one) => {
    const missed = judgedOf(one.measured).flatMap((s) =>
      misses(s).length === 0 ? [] : [`${labelTitle(s.label)} (${inWords(misses(s))})`],
    );
    return `S/N ${String(one.snr)}: ${missed.length === 0 ? 'every label hits' : `misses: ${missed.join('; ')}`}`;
  });
}

/** Sections of the report. `pictures` are paths from the document. */
export function inferenceReport(
  recovered: readonly Recovered[],
  names: readonly string[],
  context: { readonly model: string; readonly seed: number; readonly pictures: readonly string[] },
): string {
  const sections = recovered.flatMap((one) => [
    `### S/N ${String(one.snr)}`,
    '',
    summary(one),
    '',
    'Labels over the stars that measure them (not prior-dominated):',
    '',
    markdownTable(
      [...HEAD, `targets`],
      names.map((name, i) => row(name, one.measured[i] ?? null, true)),
    ),
    '',
    '<details><summary>Over all stars</summary>',
    '',
    markdownTable(
      HEAD,
      names.map((name, i) => row(name, one.all[i] ?? null, false)),
    ),
    '',
    '</details>',
    '',
  ]);
  return [
    `Written by \`npm run validate -- inference\` with the model ${context.model}, noise seed ${String(context.seed)}.`,
    `Targets: |bias| < ${String(TARGETS.bias)} σ; pull σ (MAD) ${TARGETS.width.join('–')}; scatter ≤ ${String(TARGETS.overCramerRao)} × Cramér–Rao. A miss in bold exceeds the target by more than twice the error of the estimate; the others so many stars may show by chance.`,
    '',
    ...context.pictures.map((path) => `![](${path})\n`),
    ...sections,
  ].join('\n');
}
