/** What an ab initio spectrum costs here, alone and with its derivatives. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { StellarLabels } from '../../src/domain/labels.ts';
import { median } from '../../src/math/statistics.ts';
import { createSynthesizer } from '../../src/synthesis/synthesize.ts';
import { EXIT, refuse } from '../../cli/commands/args.ts';
import type { LineListName } from '../../cli/files/lineLists.ts';
import { sharedFolder } from '../../cli/files/sharedFolder.ts';
import { defaultTables, readTables } from '../../cli/files/tablesFolder.ts';
import { cpuMilliseconds, REFERENCE_NAME, referenceComputation } from './cost.ts';
import { profileByFile } from './profile.ts';

const STARS: readonly StellarLabels[] = [
  { teff: 5772, logg: 4.44, vmic: 1, feh: 0, xfe: {} },
  { teff: 4600, logg: 2.2, vmic: 1.6, feh: 0.1, xfe: {} },
  { teff: 6400, logg: 4.1, vmic: 1.5, feh: -0.5, xfe: {} },
];
const nameOf = ({ teff, logg, feh }: StellarLabels): string => `${String(teff)}/${String(logg)}/${feh > 0 ? '+' : ''}${String(feh)}`;

export interface SynthesisBench {
  readonly repeat: number;
  readonly stepKms: number;
  readonly lines: LineListName;
  readonly profile: boolean;
}

const cpuSeconds = (work: () => void): number => cpuMilliseconds(work) / 1e3;

/** Of each star: Turbospectrum's continuum and its lines, then SYNTHE (not for all). */
const cpuFile = z.record(z.string(), z.array(z.number()));

/** Seconds that published codes took for a spectrum alone, if the shared folder has them. */
function publishedCodes(): string {
  const path = `${sharedFolder()}/reference/cpu_seconds.json`;
  if (!existsSync(path)) return `(no ${path}: nothing to say of the published codes)\n`;
  const stars = cpuFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  const rows = Object.values(stars);
  const turbospectrum = median(rows.map(([continuum = NaN, lines = NaN]) => continuum + lines));
  const synthe = median(rows.map((row) => row[2] ?? NaN));
  return `Published codes, spectrum alone, median of ${String(rows.length)} stars on the machine of the references: Turbospectrum ${turbospectrum.toFixed(0)} s, SYNTHE ${synthe.toFixed(0)} s\n`;
}

/** Prints the costs of three stars; the exit code comes back. */
export async function benchSynthesis({ repeat, stepKms, lines, profile }: SynthesisBench): Promise<number> {
  const tables = readTables(defaultTables(), lines);
  if (!tables.ok) return refuse(tables.failure, EXIT.failed);
  const makers = [false, true].map((derivatives) => createSynthesizer(tables.value, { derivatives, stepKms }));
  const columns = ['spectrum s', 'ratio', '+ 33 derivatives s', 'ratio'];
  process.stdout.write(
    `CPU seconds, ${String(stepKms)} km/s, lines ${lines}, median of ${String(repeat)} after a warm-up; ratio: to the reference computation (${REFERENCE_NAME})\n` +
      `${'star'.padEnd(16)}${columns.map((word) => word.padStart(20)).join('')}\n`,
  );
  referenceComputation();
  const references: number[] = [];
  for (const star of STARS) {
    const cost: number[] = [];
    for (const make of makers) {
      const work = (): void => {
        const spectrum = make(star);
        if (!spectrum.ok) throw new Error(`${nameOf(star)}: ${spectrum.failure.message}`);
      };
      work();
      const beside: number[] = [];
      const times = Array.from({ length: repeat }, () => {
        beside.push(cpuSeconds(referenceComputation));
        return cpuSeconds(work);
      });
      references.push(...beside);
      cost.push(median(times), median(times.map((time, i) => time / (beside[i] ?? NaN))));
    }
    process.stdout.write(`${nameOf(star).padEnd(16)}${cost.map((value) => value.toFixed(2).padStart(20)).join('')}\n`);
  }
  process.stdout.write(
    `Reference computation: ${median(references).toFixed(2)} s (${Math.min(...references).toFixed(2)} to ${Math.max(...references).toFixed(2)})\n`,
  );
  process.stdout.write(`Memory at most ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB\n${publishedCodes()}`);
  if (!profile) return EXIT.done;
  for (const [i, title] of ['spectrum alone', 'spectrum with derivatives'].entries()) {
    const shares = await profileByFile(() => {
      for (const star of STARS) makers[i]?.(star);
    });
    process.stdout.write(`\nWhere the time goes, ${title}, the three stars together:\n`);
    for (const { file, share } of shares.filter((entry) => entry.share >= 0.005))
      process.stdout.write(`  ${(100 * share).toFixed(1).padStart(5)} %  ${file}\n`);
  }
  return EXIT.done;
}
