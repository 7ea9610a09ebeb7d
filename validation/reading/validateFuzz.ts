/** `npm run validate -- fuzz`: damaged files by seed, each in turn; what breaks the promise is listed and the exit code says so. */
import { parseArgs } from 'node:util';
import { EXIT } from '../../cli/commands/args.ts';
import { readSpectra } from '../../src/io/readSpectra.ts';
import { fuzzFile } from '../../src/testing/fuzzCorpus.ts';

/** Promised for every file: seconds of the processor, and bytes of memory of the whole process beyond what it had at its start. */
const SECONDS = 2;
const BYTES = 512 * 2 ** 20;

export function validateFuzz(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: { n: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(
      'npm run validate -- fuzz [--n 2000] [--seed 0]: damaged files, each a spectrum or a named failure within 2 s and 512 MB\n',
    );
    return EXIT.done;
  }
  const [count, first] = [Number(values.n ?? 2000), Number(values.seed ?? 0)];
  const before = process.memoryUsage().rss;
  const codes = new Map<string, number>();
  const broken: string[] = [];
  let slowest = { name: '', seconds: 0 };
  for (let seed = first; seed < first + count; seed++) {
    const { name, bytes } = fuzzFile(seed);
    const start = process.cpuUsage();
    let code = 'spectrum';
    try {
      const result = readSpectra(name, bytes);
      if (!result.ok) code = result.failure.code;
    } catch (error) {
      code = 'THROWN';
      broken.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    const used = process.cpuUsage(start);
    const seconds = (used.user + used.system) / 1e6;
    if (seconds > SECONDS) broken.push(`${name}: ${seconds.toFixed(1)} s`);
    if (seconds > slowest.seconds) slowest = { name, seconds };
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  const peak = 1024 * process.resourceUsage().maxRSS - before;
  if (peak > BYTES) broken.push(`memory rose by ${(peak / 2 ** 20).toFixed(0)} MiB`);
  for (const [code, number] of [...codes].sort(([, a], [, b]) => b - a)) process.stdout.write(`${String(number).padStart(6)} ${code}\n`);
  process.stdout.write(
    `${count} files; slowest ${slowest.seconds.toFixed(2)} s (${slowest.name}); memory rose by ${(peak / 2 ** 20).toFixed(0)} MiB at most\n`,
  );
  for (const line of broken) process.stdout.write(`BROKEN ${line}\n`);
  return broken.length > 0 ? EXIT.failed : EXIT.done;
}
