import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './instrument.ts';

test('no serious accessibility fault, light and dark, before and after a fit', async ({ instrument, page }) => {
  const expectNoFaults = async (): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(grave.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${colorScheme}: ${id}: ${html}`))).toEqual([]);
    }
  };
  await instrument.open();
  await expectNoFaults();
  await instrument.fit();
  await page.getByText('Options').click();
  await expectNoFaults();
  await page.keyboard.press('Shift+?');
  await expect(page.getByRole('dialog', { name: 'Maury' })).toBeVisible();
  await expectNoFaults();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});
