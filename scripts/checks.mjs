// Every check, one npm script each; `npm run check` runs them all, `npm run check -- types lint` only those named.
import { readFileSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ROOT, freePort, run } from './install.mjs';

const CHECKS = ['types', 'lint', 'format', 'layers', 'deadcode', 'unit', 'slow', 'python', 'browser', 'build', 'e2e'];
const REPORTS = 'test-results';

/** What each check with tests adds to its npm script, so that its report can be read. @type {Readonly<Record<string, readonly string[]>>} */
const REPORTERS = {
  unit: ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORTS}/unit.json`],
  slow: ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORTS}/slow.json`],
  python: [],
  browser: ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORTS}/browser.json`],
  e2e: ['--reporter=list,json'],
};

/**
 * Tests that passed, failed and were skipped, from Vitest's or Playwright's JSON report; null when there is none.
 * @param {string} check
 */
function countTests(check) {
  try {
    const report = JSON.parse(readFileSync(`${ROOT}/${REPORTS}/${check}.json`, 'utf8'));
    if (report.stats !== undefined) {
      const { expected, unexpected, flaky, skipped } = report.stats;
      return { passed: expected + flaky, failed: unexpected, skipped };
    }
    return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests + report.numTodoTests };
  } catch {
    return null;
  }
}

/**
 * Runs the named checks in order. A check without tests that fails, or a test run that ends badly without a failed test, counts as one failure.
 * @param {readonly string[]} names
 */
export async function runChecks(names) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const broken = new Set();
  const env = {
    MAURY_E2E_PORT: process.env.MAURY_E2E_PORT ?? String(await freePort()),
    PLAYWRIGHT_JSON_OUTPUT_NAME: `${REPORTS}/e2e.json`,
  };
  for (const name of names) {
    if (name === 'e2e' && broken.has('build')) {
      console.log('\n=== e2e: left out, as the build failed');
      continue;
    }
    console.log(`\n=== ${name}`);
    const started = Date.now();
    rmSync(`${ROOT}/${REPORTS}/${name}.json`, { force: true });
    const extra = REPORTERS[name] ?? [];
    const ok = run('npm', ['run', '--silent', name, ...(extra.length > 0 ? ['--', ...extra] : [])], env);
    const tests = name in REPORTERS ? countTests(name) : null;
    if (!ok) broken.add(name);
    total.passed += tests?.passed ?? 0;
    total.skipped += tests?.skipped ?? 0;
    total.failed += ok ? (tests?.failed ?? 0) : Math.max(tests?.failed ?? 0, 1);
    const counted = tests === null ? '' : ` (${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped)`;
    console.log(`=== ${name}: ${ok ? 'ok' : 'FAILED'}${counted} in ${((Date.now() - started) / 1000).toFixed(0)} s`);
  }
  return { ...total, broken: [...broken] };
}

/** Runs the named checks (all when none is named), prints the closing line and sets the exit code. @param {readonly string[]} names */
export async function report(names) {
  const unknown = names.filter((name) => !CHECKS.includes(name));
  if (unknown.length > 0) throw new Error(`no check is called ${unknown.join(', ')}; there are ${CHECKS.join(', ')}`);
  const { passed, failed, skipped, broken } = await runChecks(names.length > 0 ? names : CHECKS);
  console.log('');
  if (broken.length > 0) console.log(`Failed: ${broken.join(', ')}`);
  if (skipped > 0) console.log(`${skipped} skipped: each says why above`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = broken.length > 0 ? 1 : 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await report(process.argv.slice(2));
