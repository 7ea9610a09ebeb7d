/** `npm run bench -- emulator|fit|synthesis|batch|page`: what a spectrum, a Jacobian, a fit and the page cost here. */
import { availableParallelism, cpus } from 'node:os';
import { choiceOption, EXIT, numberOption, openCommand, refuse } from '../../cli/commands/args.ts';
import { benchBatch } from './batch.ts';
import { benchEmulators } from './emulator.ts';
import { benchFit } from './fit.ts';
import { benchPage } from './page.ts';
import { benchSamplers } from './samplers.ts';
import { benchSynthesis } from './synthesis.ts';
import { LINE_LIST_NAMES } from '../../cli/files/lineLists.ts';
import { openService } from '../../cli/batch/openService.ts';
import { DEFAULT_STEP_KMS } from '../../src/synthesis/native.ts';

const SUBJECTS = ['emulator', 'fit', 'synthesis', 'batch', 'page'] as const;

const HELP = `npm run bench -- emulator|fit|synthesis|batch|page [options]

  emulator   CPU milliseconds per spectrum (alone and in a batch of 16), gradient and Jacobian, of every model that ships, on each backend
             that runs in Node and in PyTorch where /usr/bin/python3 has it; also as ratios, and held-out error times milliseconds
  fit        seconds and evaluations of a fit of the demo star, by each method; with --sampled, effective draws per second of each sampler
  synthesis  CPU seconds of an ab initio spectrum, alone and with 33 derivatives, for a dwarf, a giant and a metal-poor turn-off star;
             also as ratios to a fixed computation timed beside each, so that machines, and busy hours of one, can be compared
  batch      stars per core-hour of a survey by lm, of every model that ships; with one process, with two, and with one per core
  page       the built page in Chromium: first paint, ready, bytes of a first visit, file to model and to labels, redraws per second under a
             dragged slider, and the heap over some fits

  --repeat N    runs of which the median is told (default 20; synthesis 3; fit 5); batch: stars per process (default 12);
                page: fits for the memory (default 5)
  --model ID    emulator: this model alone; fit: another than the default
  --sampled N   fit: sample the posterior, too, with N emulated spectra for each sampler, and with emcee where python3 has it
  --step KMS    synthesis: sampling of the computation (default ${String(DEFAULT_STEP_KMS)})
  --lines LIST  synthesis: merged (default) or vald
  --profile     synthesis: also the share of CPU time per source file
`;

async function main(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, {
    args: [...args],
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      repeat: { type: 'string' },
      sampled: { type: 'string' },
      step: { type: 'string' },
      lines: { type: 'string' },
      profile: { type: 'boolean', default: false },
    },
  });
  if (!parsed.ok) return parsed.code;
  const { values, positionals } = parsed.value;
  const what = SUBJECTS.find((subject) => subject === positionals[0]);
  if (positionals.length !== 1 || what === undefined)
    return refuse({
      code: 'BAD_OPTION',
      message: `Bench what? Found "${positionals.join(' ')}".`,
      hint: `npm run bench -- ${SUBJECTS.join(', or ')}`,
    });
  const repeat = numberOption('repeat', values.repeat, { emulator: 20, fit: 5, synthesis: 3, batch: 12, page: 5 }[what], {
    min: 1,
    max: 10000,
    integer: true,
  });
  if (!repeat.ok) return refuse(repeat.failure);
  const sampled = numberOption('sampled', values.sampled, 0, { min: 100, max: 1e8, integer: true });
  if (!sampled.ok) return refuse(sampled.failure);
  const step = numberOption('step', values.step, DEFAULT_STEP_KMS, { min: 0.3, max: 5 });
  if (!step.ok) return refuse(step.failure);
  const lines = choiceOption('lines', values.lines, 'merged', LINE_LIST_NAMES);
  if (!lines.ok) return refuse(lines.failure);
  process.stdout.write(
    `Node ${process.version}, ${String(availableParallelism())} cores of ${cpus()[0]?.model ?? 'an unknown processor'}\n`,
  );
  switch (what) {
    case 'emulator':
      return benchEmulators(values.model, repeat.value);
    case 'batch':
      return benchBatch(values.model, repeat.value);
    case 'page':
      return benchPage(repeat.value);
    case 'fit': {
      const code = await benchFit(values.model, repeat.value);
      if (code !== EXIT.done || sampled.value === 0) return code;
      const service = await openService({ backend: 'wasm', ...(values.model === undefined ? {} : { model: values.model }) });
      return service.ok ? benchSamplers(service.value, sampled.value) : refuse(service.failure, EXIT.failed);
    }
    case 'synthesis':
      return benchSynthesis({ repeat: repeat.value, stepKms: step.value, lines: lines.value, profile: values.profile });
  }
}

process.exitCode = await main(process.argv.slice(2));
