/** Tests that compare with Python: they run where an interpreter has the packages, and fail without one when `CI=true`. */
import { spawnSync } from 'node:child_process';
import { describe, it } from 'vitest';

const PYTHON = process.env['MAURY_PYTHON'] ?? '/usr/bin/python3';

/** A `describe` whose tests need Python modules: skipped, and said so, where they are absent; a failure there when `CI=true`. */
export function describeWithPython(name: string, modules: readonly string[], tests: (python: string) => void): void {
  if (spawnSync(PYTHON, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' }).status === 0) {
    describe(name, () => {
      tests(PYTHON);
    });
    return;
  }
  const packages = modules.map((module) => `python3-${module}`).join(' ');
  const reason = `${name}: ${PYTHON} lacks one of ${modules.join(', ')} (Debian: apt-get install ${packages}; another interpreter: MAURY_PYTHON)`;
  if (process.env['CI'] === 'true') {
    it(name, () => {
      throw new Error(reason);
    });
    return;
  }
  console.warn(`skipped: ${reason}`);
  describe.skip(reason, () => {
    it('needs Python');
  });
}
