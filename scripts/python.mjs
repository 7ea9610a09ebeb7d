// `npm run python`: the tests of training/, where a Python can run them. Without one they are skipped and say so; with CI=true they fail.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { ROOT, missingPython, PYTHON, PYTHON_PACKAGES } from './install.mjs';

const REPORT = 'test-results/python.json';

/**
 * What `python -m unittest` reported, counted.
 * @param {string} text
 */
export function countUnittest(text) {
  const number = (/** @type {RegExp} */ pattern) => Number(pattern.exec(text)?.[1] ?? 0);
  const ran = number(/^Ran (\d+) tests?/m);
  const skipped = number(/skipped=(\d+)/);
  const failed = number(/failures=(\d+)/) + number(/errors=(\d+)/);
  return { numPassedTests: ran - skipped - failed, numFailedTests: failed, numPendingTests: skipped, numTodoTests: 0 };
}

function main() {
  const missing = missingPython();
  if (missing !== null) {
    const why = `the Python tests need ${missing} (Debian: apt-get install ${PYTHON_PACKAGES.join(' ')}; another interpreter: MAURY_PYTHON)`;
    console.log(process.env.CI === 'true' ? `failed: ${why}` : `skipped: ${why}`);
    return process.env.CI === 'true' ? 1 : 0;
  }
  const done = spawnSync(PYTHON, ['-m', 'unittest', 'discover', 'training'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  process.stdout.write(done.stdout + done.stderr);
  mkdirSync(`${ROOT}/test-results`, { recursive: true });
  writeFileSync(`${ROOT}/${REPORT}`, JSON.stringify(countUnittest(done.stderr)));
  return done.status ?? 1;
}

process.exitCode = main();
