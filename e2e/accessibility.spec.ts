import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './instrument.ts';

for (const theme of ['light', 'dark'] as const) {
  test(`no serious accessibility fault, ${theme}`, async ({ instrument, page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await instrument.open();
    const faults = async (): Promise<string[]> => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
    };
    expect(await faults()).toEqual([]);
    await instrument.fit();
    await page.getByText('Options').click();
    expect(await faults()).toEqual([]);
    await page.keyboard.press('Shift+?');
    await expect(page.getByRole('dialog', { name: 'Maury' })).toBeVisible();
    expect(await faults()).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  });
}
