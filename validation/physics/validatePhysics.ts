/** `npm run validate -- physics`: the synthesis against published codes and against the Sun. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, openCommand, refuse } from '../../cli/commands/args.ts';
import { agreement } from './agreement.ts';
import { drawPlots } from './plots.ts';
import { sunReport } from './sunReport.ts';

const HELP = `npm run validate -- physics [options]: spectra of the published decks against Turbospectrum, SYNTHE and the observed Sun

  --out DIR   where agreement.md and sun.md are written (default docs/physics)
  --plots     draw the pictures of named features and of the solar residual there, too

Spectra are kept in .cache/physics by the source of the synthesis. Ends with an error when something misses its limit.
`;

export async function validatePhysics(args: readonly string[]): Promise<number> {
  const opened = openCommand(HELP, {
    args: [...args],
    options: {
      out: { type: 'string', default: join(import.meta.dirname, '../../docs/physics') },
      plots: { type: 'boolean', default: false },
    },
  });
  if (!opened.ok) return opened.code;
  const { out, plots } = opened.value.values;
  const codes = agreement();
  if (!codes.ok) return refuse(codes.failure, EXIT.failed);
  const sun = await sunReport();
  if (!sun.ok) return refuse(sun.failure, EXIT.failed);
  process.stdout.write(`${codes.value.markdown}\n${sun.value.markdown}`);
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'agreement.md'), codes.value.markdown);
  await writeFile(join(out, 'sun.md'), sun.value.markdown);
  if (plots) {
    const drawn = await drawPlots(out, sun.value);
    if (!drawn.ok) return refuse(drawn.failure, EXIT.failed);
    for (const path of drawn.value) process.stderr.write(`${path}\n`);
  }
  return codes.value.misses.length === 0 ? EXIT.done : EXIT.failed;
}
