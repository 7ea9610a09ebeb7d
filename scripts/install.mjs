// What a bare machine needs before anything else runs. Imports nothing but Node, as nothing else is installed yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** The Python of `training`: Debian's, or `MAURY_PYTHON`. */
export const PYTHON = process.env.MAURY_PYTHON ?? '/usr/bin/python3';
/** What its tests import, and the Debian packages that bring it. */
const PYTHON_MODULES = ['numpy', 'torch', 'emcee', 'matplotlib'];
export const PYTHON_PACKAGES = PYTHON_MODULES.map((module) => `python3-${module}`);
const STAMP = 'node_modules/.maury-lock';

/**
 * Runs a command in the repository's root with its output shown; true if it ended well.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} [env]
 */
export function run(command, args, env = {}) {
  const done = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  return done.status === 0;
}

export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Node ${process.versions.node} is too old: Maury needs Node 20.19 or newer.`);
  process.exit(1);
}

/** Runs `npm ci` unless node_modules already holds what package-lock.json asks for. */
export function installPackages() {
  process.chdir(ROOT);
  const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return;
  const installed = 'node_modules/.package-lock.json';
  if (existsSync(STAMP) || !existsSync(installed) || statSync(installed).mtimeMs < statSync('package-lock.json').mtimeMs) {
    console.log('Installing packages (npm ci)…');
    if (!run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])) {
      console.error('npm ci failed: its own message above says why.');
      process.exit(1);
    }
  }
  writeFileSync(STAMP, lock);
}

/** As root on a Debian, packages of the system may be installed. */
const mayApt = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** Announces what it installs in a line; true if that ended well. @param {readonly string[]} packages */
function aptInstall(packages) {
  console.log(`Installing ${packages.join(', ')} for the tests (apt-get, as this is root on a Debian)…`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  return run('apt-get', ['update', '-qq'], env) && run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], env);
}

/** The first module that the Python tests need and this machine's Python lacks, or Python itself; null where nothing is missing. @returns {string | null} */
export function missingPython() {
  if (spawnSync(PYTHON, ['--version'], { stdio: 'ignore' }).status !== 0) return PYTHON;
  return PYTHON_MODULES.find((module) => spawnSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' }).status !== 0) ?? null;
}

/** Installs what the Python tests need where that is Debian's to give; elsewhere they are skipped, or fail with `CI=true`, and say so. */
export function installPython() {
  if (mayApt() && process.env.MAURY_PYTHON === undefined && missingPython() !== null) aptInstall(PYTHON_PACKAGES);
}

/** Finds a browser, or installs one: Debian's as root, Playwright's own elsewhere. */
export function installBrowser() {
  if (findChromium() !== undefined) return;
  if (mayApt()) {
    if (aptInstall(['chromium']) && findChromium() !== undefined) return;
  }
  console.log("Installing Chromium (Playwright's own)…");
  if (!run('npx', ['playwright', 'install', 'chromium'])) {
    console.error('No Chromium was found and none could be installed: install one and set CHROMIUM_PATH to it.');
    process.exit(1);
  }
}

/** A port that nothing listens on. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port was given'));
      });
    });
  });
}
