/** `npm run validate -- SUBJECT`: what the numbers are worth. Each subject is a file of its own, and resumes where it stopped. */
import { commitOf } from '../scripts/commit.mjs';
import { EXIT, refuse } from '../cli/commands/args.ts';
import { validateAbInitio } from './abInitio/validateAbInitio.ts';
import { validateCalibration } from './calibration/validateCalibration.ts';
import { validateInference } from './inference/validateInference.ts';
import { validateOptimisers } from './optimisers/validateOptimisers.ts';
import { validateSbc } from './inference/validateSbc.ts';
import { validateDerivatives } from './physics/derivativeCheck.ts';
import { validatePhysics } from './physics/validatePhysics.ts';
import { validateEmulator } from './emulator/validateEmulator.ts';
import { validateRegion } from './emulator/validateRegion.ts';
import { validateCmaes } from './optimisers/validateCmaes.ts';
import { validateModelError } from './nature/validateModelError.ts';
import { validateLamost } from './real/validateLamost.ts';
import { validateMcmc } from './samplers/validateMcmc.ts';
import { validateMiles } from './real/validateMiles.ts';
import { validateNoise } from './real/validateNoise.ts';
import { validateFuzz } from './reading/validateFuzz.ts';
import { validateOdd } from './odd/validateOdd.ts';
import { validateRepeats } from './real/validateRepeats.ts';

interface Subject {
  readonly summary: string;
  readonly run: (args: readonly string[]) => number | Promise<number>;
}

const SUBJECTS: Readonly<Record<string, Subject>> = {
  inference: { summary: 'held-out ab initio stars, injected with noise and recovered', run: validateInference },
  sbc: { summary: 'ranks of truths among the draws of MCMC, for stars drawn from the prior', run: validateSbc },
  optimisers: { summary: 'Levenberg-Marquardt against CMA-ES on injected stars', run: validateOptimisers },
  lamost: { summary: 'labels against those of the LAMOST pipeline', run: validateLamost },
  repeats: { summary: 'stars observed more than once by LAMOST, against themselves', run: validateRepeats },
  noise: { summary: 'what the stated errors of LAMOST pixels are worth, by visits of one star', run: validateNoise },
  'ab-initio': { summary: 'the Sun and MILES stars fitted by the synthesis itself, by line list', run: validateAbInitio },
  miles: { summary: 'MILES stars against their literature', run: validateMiles },
  'model-error': { summary: 'how far a model misses real stars, measured into its bundle, and tried', run: validateModelError },
  calibration: { summary: 'calibrated labels of stars that took no part in their calibration', run: validateCalibration },
  mcmc: { summary: 'one posterior by Hamiltonian chains, our ensemble and emcee', run: validateMcmc },
  cmaes: { summary: 'our CMA-ES against the cmaes package of Python', run: validateCmaes },
  emulator: { summary: 'from tables to a model bundle in small, and the same network here as in PyTorch', run: validateEmulator },
  region: { summary: 'the emulator against the synthesis at random labels of its region', run: validateRegion },
  physics: { summary: 'the synthesis against published codes and the observed Sun', run: validatePhysics },
  odd: { summary: 'objects that the model does not know: are they told, and ordinary stars left in peace?', run: validateOdd },
  fuzz: { summary: 'damaged files: each a spectrum or a named failure, in time and memory', run: validateFuzz },
  derivatives: { summary: 'derivatives against differences of complete syntheses', run: validateDerivatives },
};

const list = (): string =>
  Object.entries(SUBJECTS)
    .map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`)
    .join('\n');

// Read by src/domain/version.ts, here and in child processes.
process.env['MAURY_COMMIT'] = commitOf() ?? '';
const [name = '', ...args] = process.argv.slice(2);
const subject = SUBJECTS[name];
if (subject !== undefined) process.exitCode = await subject.run(args);
else if (name === '--help' || name === '-h') {
  process.stdout.write(
    `npm run validate -- SUBJECT [options]: what the numbers are worth\n\n${list()}\n\nSUBJECT --help tells its options.\n`,
  );
  process.exitCode = EXIT.done;
} else
  process.exitCode = refuse({
    code: 'BAD_OPTION',
    message: `Validate what? Found "${name}".`,
    hint: `npm run validate -- ${Object.keys(SUBJECTS).join(', ')}`,
  });
