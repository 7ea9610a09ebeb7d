import { expect, test as base } from '@playwright/test';
import type { Download, Locator, Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { palettes } from '../src/plots/palette.ts';

/** A file as a person would hand it over. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const rgb = (hex: string): string => `rgb(${[1, 3, 5].map((at) => String(parseInt(hex.slice(at, at + 2), 16))).join(', ')})`;
const MODEL = { light: rgb(palettes.light.model), dark: rgb(palettes.dark.model) };

/** The page as an astronomer uses it, by roles and names. */
export class Instrument {
  constructor(readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto('./');
    await expect(this.page.getByText('Loading the model')).toBeHidden({ timeout: 60_000 });
    await expect(this.row(/simulated/)).toBeVisible();
  }

  row(name: string | RegExp): Locator {
    return this.page.getByRole('region', { name: 'Spectra' }).getByRole('listitem').filter({ hasText: name });
  }

  figure(name: string | RegExp): Locator {
    return this.page.getByRole('figure', { name });
  }

  async choose(...files: readonly GivenFile[]): Promise<void> {
    const given = files.map(({ name, bytes }) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) }));
    await this.page.getByLabel('Spectrum files').setInputFiles(given);
  }

  /** Drops a file on the middle of the page, as from a file manager. */
  async drop({ name, bytes }: GivenFile): Promise<void> {
    const transfer = await this.page.evaluateHandle(
      ({ name: fileName, base64 }) => {
        const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([content], fileName));
        return data;
      },
      { name, base64: Buffer.from(bytes).toString('base64') },
    );
    await this.page.getByRole('main').dispatchEvent('drop', { dataTransfer: transfer });
  }

  /** Fits the selected spectrum with the fast method and waits for its result. */
  async fit(): Promise<void> {
    await this.page.getByRole('button', { name: 'LM', exact: true }).click();
    await this.page.getByRole('button', { name: 'Fit', exact: true }).click();
    await expect(this.page.getByRole('table', { name: /^Abundances/ })).toBeVisible({ timeout: 400_000 });
  }

  /** All four views show something: curves for flux, residuals and derivative, points and rows for abundances. */
  async expectFourViews(): Promise<void> {
    const spectrum = this.figure(/Flux with model/);
    await expect(spectrum.locator('.xy .scatterlayer .trace').first()).toBeVisible();
    await expect(spectrum.locator('.xy2 .scatterlayer .trace').first()).toBeVisible();
    for (const title of [/^Wavelength \(Å, vacuum\)/, /^Flux \(/, /^Residual \(σ\)/]) await expect(spectrum.getByText(title)).toBeVisible();
    const derivative = this.figure(/^Derivative of the flux/);
    // The emulator's, and under it the pixels that carry the label and the ab initio one, where there are such.
    await expect(derivative.locator('.scatterlayer .trace path.js-line').filter({ visible: true }).first()).toBeVisible();
    await expect(derivative.getByText(/^∂F\/∂.*⁻¹\)$/)).toBeVisible();
    await expect(this.figure(/^Abundances by element/).locator('.scatterlayer .point')).not.toHaveCount(0);
    await expect(this.page.getByRole('table', { name: /^Abundances/ }).getByRole('button', { name: /^Derivative of/ })).toHaveCount(30);
    await expect(this.page.getByRole('table', { name: 'Stellar parameters' }).getByRole('row')).toHaveCount(6);
  }

  /** The shape of the model's curve in the flux view: the vermillion one. */
  async modelCurve(): Promise<string> {
    const curves = await this.figure(/Flux with model/)
      .locator('.scatterlayer .js-line')
      .evaluateAll((paths) => paths.map((path) => [getComputedStyle(path).stroke, path.getAttribute('d') ?? ''] as const));
    return curves.find(([colour]) => colour === MODEL.light || colour === MODEL.dark)?.[1] ?? '';
  }

  async export(item: string): Promise<Download> {
    await this.page.getByRole('button', { name: /^Export/ }).click();
    const download = this.page.waitForEvent('download');
    await this.page.getByRole('menuitem', { name: item }).click();
    return download;
  }

  /** A picture of the whole page, kept with the results of the tests. */
  async picture(name: string, theme: 'light' | 'dark'): Promise<void> {
    const button = this.page.getByRole('button', { name: /^Theme:/ });
    while (!(await button.textContent())?.includes(theme)) await button.click();
    await expect(this.page.locator('html')).toHaveAttribute('data-theme', theme);
    await this.page.mouse.move(0, 0);
    await this.page.waitForTimeout(500);
    await this.page.screenshot({ path: `test-results/screenshots/${name}-${theme}.png` });
  }
}

export async function contentOf(download: Download): Promise<Buffer> {
  return readFile(await download.path());
}

/** Every journey is watched: no request may leave the origin, and nothing may be thrown. */
export const test = base.extend<{ instrument: Instrument }>({
  instrument: async ({ page, baseURL }, provide) => {
    const strangers: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => {
      const url = request.url();
      if (!/^(data|blob):/.test(url) && new URL(url).origin !== new URL(baseURL ?? '').origin) strangers.push(url);
    });
    page.on('pageerror', (error) => errors.push(error.message));
    await provide(new Instrument(page));
    expect(strangers, 'requests that left the origin').toEqual([]);
    expect(errors, 'exceptions on the page').toEqual([]);
  },
});

export { expect };
