// `npm run nodes`: types and unit tests under the other supported versions of Node, which the npm package `node` brings.
import { spawnSync } from 'node:child_process';
import { ROOT } from './install.mjs';

const VERSIONS = ['22.23.3', '24.21.0'];
const CHECKS = [
  ['types', 'node_modules/typescript/bin/tsc', '--noEmit'],
  ['unit', 'node_modules/vitest/vitest.mjs', 'run', '--project', 'node', ...process.argv.slice(2)],
];

const failed = [];
for (const version of VERSIONS)
  for (const [check = '', ...args] of CHECKS) {
    console.log(`\n=== Node ${version}: ${check}`);
    const command = ['--yes', `--package=node@${version}`, '--', 'node', ...args];
    const done = spawnSync('npx', command, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
    if (done.status !== 0) failed.push(`${check} under Node ${version}`);
  }
console.log(failed.length === 0 ? `\nNode ${VERSIONS.join(' and ')}: ok` : `\nFailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
