/** The Python that trains: Debian's, or `MAURY_PYTHON`. */
import { spawn, spawnSync } from 'node:child_process';
import { failed, success, type Result } from '../../src/domain/result.ts';

const python = (): string => process.env['MAURY_PYTHON'] ?? '/usr/bin/python3';

/** Versions of what training needs, in a line. Failure `PYTHON_WITHOUT_TORCH` where there is no such Python. */
export function pythonTorch(): Result<string> {
  const found = spawnSync(python(), ['-c', 'import numpy, torch; print(f"PyTorch {torch.__version__}, NumPy {numpy.__version__}")'], {
    encoding: 'utf8',
  });
  if (found.status === 0) return success(found.stdout.trim());
  const last = found.error?.message ?? found.stderr.trim().split('\n').at(-1);
  const why = last === undefined || last === '' ? 'it ended without a word' : last;
  return failed(
    'PYTHON_WITHOUT_TORCH',
    `${python()} cannot train: ${why}.`,
    'Debian: apt-get install python3-torch python3-numpy. Or name a Python that has them: MAURY_PYTHON=/path/to/python3.',
  );
}

/** Runs a script of training/ in one thread, its output here; settles with success when it ends well. Failure `TRAINING_FAILED`. */
export async function runTraining(script: string, args: readonly string[]): Promise<Result<null>> {
  const child = spawn(python(), [script, ...args], { stdio: 'inherit', env: { ...process.env, OMP_NUM_THREADS: '1' } });
  const end = await new Promise<string | null>((settle) => {
    child.once('error', (error) => {
      settle(error.message);
    });
    child.once('exit', (code, signal) => {
      settle(code === 0 ? null : `it ended with ${signal ?? String(code)}`);
    });
  });
  return end === null
    ? success(null)
    : failed('TRAINING_FAILED', `${script}: ${end}.`, 'Its own words are above; the same command goes on from what is there.');
}
