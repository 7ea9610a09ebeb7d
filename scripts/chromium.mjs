// Where a Chromium may be found. Used by the configurations of Vitest and Playwright and by `npm test`: imports nothing but Node.
import { accessSync, constants } from 'node:fs';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The browser to drive: `CHROMIUM_PATH` if it is set, else the first of the usual places; undefined leaves it to Playwright's own download.
 * @returns {string | undefined}
 */
export function findChromium() {
  const asked = process.env.CHROMIUM_PATH;
  if (asked !== undefined && asked !== '') return asked;
  return USUAL_PLACES.find(isExecutable);
}

/** Switches that give a headless Chromium a software WebGPU adapter; root may not use the sandbox. */
export const WEBGPU_ARGS = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];
export const SANDBOX_ARGS = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Launch options for Playwright, with or without a path of our own. */
export function launchOptions(args = /** @type {string[]} */ ([])) {
  const executablePath = findChromium();
  return { args: [...SANDBOX_ARGS, ...args], ...(executablePath === undefined ? {} : { executablePath }) };
}
