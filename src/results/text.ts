/** Results as lines for a terminal. */
import { isMeasuredFlag } from '../domain/fit.ts';
import { labelTitle } from '../domain/labels.ts';
import type { ResultRecord, StarRecord } from './record.ts';

const fixed = (value: number | null | undefined, digits: number): string => (value == null ? '–' : value.toFixed(digits));
const plusMinus = (value: number | null | undefined, sigma: number | null | undefined, digits: number): string =>
  `${fixed(value, digits)} ± ${fixed(sigma, digits)}`;

/** A readable summary of one star: parameters raw and calibrated, then the abundances the data measure. */
export function resultText(record: ResultRecord): string {
  if (!record.ok) {
    const { code, message, hint } = record.failure;
    return `${record.file}\n  ${code}: ${message}${hint === undefined ? '' : `\n  ${hint}`}\n`;
  }
  const parameters = [
    ['teff', 'T_eff (K)', 0],
    ['logg', 'log g', 2],
    ['vmic', 'v_mic (km/s)', 2],
    ['feh', '[Fe/H]', 2],
  ] as const;
  const rows = parameters.map(([name, title, digits]) => {
    const label = record.labels[name];
    const calibrated =
      label?.calibrated == null ? 'uncalibrated' : `calibrated ${plusMinus(label.calibrated, label.sigmaCalibrated, digits)}`;
    return `  ${title.padEnd(13)} ${plusMinus(label?.value, label?.sigma, digits).padEnd(16)} ${calibrated.padEnd(28)} ${label?.flag ?? ''}`;
  });
  const measured = Object.entries(record.abundances).filter(([, value]) => isMeasuredFlag(value.flag));
  const abundances = measured.map(
    ([element, value]) =>
      `[${element}/H] ${plusMinus(value.calibrated ?? value.xh, value.sigmaCalibrated ?? value.sigma, 2)}${value.calibrated === null ? '*' : ''}`,
  );
  const lines: string[] = [];
  for (let i = 0; i < abundances.length; i += 4)
    lines.push(
      `  ${abundances
        .slice(i, i + 4)
        .map((text) => text.padEnd(24))
        .join('')}`.trimEnd(),
    );
  return [
    `${record.file}${record.simulated ? '  (simulated)' : ''}`,
    `  ${record.survey}, S/N ${fixed(record.snr, 0)}, R ${fixed(record.resolvingPower, 0)}, rv ${plusMinus(record.rv.value, record.rv.sigma, 1)} km/s, χ²/ν ${fixed(record.chi2Reduced, 2)}, ${record.model} on ${record.backend}, ${fixed(record.seconds, 1)} s`,
    ...record.alerts.map(({ code, message, hint }) => `  !! ${code}: ${message}${hint === undefined ? '' : ` ${hint}`}`),
    ...rows,
    ...lines,
    ...(measured.some(([, value]) => value.calibrated === null) ? ['  * uncalibrated'] : []),
    ...verificationLines(record.verification),
    ...record.warnings.map((warning) => `  ! ${warning}`),
    '',
  ].join('\n');
}

/** The model's error of every label, four to a line. */
function verificationLines(verification: StarRecord['verification']): string[] {
  if (verification === undefined) return [];
  const signed = (value: number, digits: number): string => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(digits)}`;
  const cells = Object.entries(verification.labels).map(
    ([name, { error, inSigma }]) => `${labelTitle(name)} ${signed(error, name === 'teff' ? 0 : 3)} (${signed(inSigma, 2)} σ)`,
  );
  const rows = Array.from({ length: Math.ceil(cells.length / 4) }, (_, i) => cells.slice(4 * i, 4 * i + 4));
  return [
    `  Error of the model here, by ${verification.by} (flux: rms ${(100 * verification.rms).toFixed(2)} %):`,
    ...rows.map((row) => `    ${row.map((cell) => cell.padEnd(28)).join('')}`.trimEnd()),
  ];
}

/** One line of progress for one star. */
export function resultLine(record: ResultRecord): string {
  if (!record.ok) return `${record.file}: ${record.failure.code}`;
  const { teff, logg, feh } = record.labels;
  const doubts = record.alerts.map(({ code }) => ` ${code}`).join('');
  return `${record.id}:${doubts} ${fixed(teff?.value, 0)} K, ${fixed(logg?.value, 2)}, ${fixed(feh?.value, 2)} in ${fixed(record.seconds, 1)} s`;
}
