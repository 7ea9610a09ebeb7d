/** A report of made-up stars: what is odd is found by name, and the page needs nothing but itself. */
import { expect, it } from 'vitest';
import { findOutliers } from './outliers.ts';
import { reportPage } from './page.ts';
import { emptySurvey, type ReportStar, type Survey } from './stars.ts';

/** Stars along a sequence, alike in [Mg/Fe] but for small differences. */
function ordinary(i: number): ReportStar {
  const label = (value: number, sigma: number) => ({ value, sigma, doubtful: false });
  const wave = Math.sin(7 * i);
  return {
    file: `star${String(i)}.fits`,
    index: 0,
    snr: 40 + (i % 30),
    chi2: 1 + 0.1 * wave,
    quality: 0,
    alerts: [],
    rvDifference: 2 + wave,
    rvSigma: 1,
    emission: null,
    labels: {
      teff: label(4500 + 15 * i, 50),
      logg: label(4.6 - 0.004 * i, 0.1),
      feh: label(0.1 * wave, 0.05),
      Mg: label(0.05 * wave, 0.05),
    },
  };
}
const stars: readonly ReportStar[] = Array.from({ length: 120 }, (_, i) => ordinary(i));
const changed = (i: number, change: Partial<ReportStar>): readonly ReportStar[] =>
  stars.map((star, k) => (k === i ? { ...star, ...change } : star));
const labelsOf = (i: number) => ordinary(i).labels;

it('finds nothing among ordinary stars', () => {
  expect(findOutliers(stars)).toEqual([]);
});

it.each<[string, Partial<ReportStar>, string]>([
  ['alone', { labels: { ...labelsOf(50), logg: { value: 1.5, sigma: 0.1, doubtful: false } } }, 'alone'],
  ['an abundance', { labels: { ...labelsOf(50), Mg: { value: 0.8, sigma: 0.05, doubtful: false } } }, '[Mg/Fe] +0.'],
  ['a poor χ²', { chi2: 4 }, 'χ²/ν 4.00'],
  ['emission', { emission: 'Hα' }, 'emission: Hα'],
  ['a velocity', { rvDifference: 80 }, 'velocity 80 km/s'],
  ['an alert', { alerts: ['POOR_FIT'], quality: 2 }, 'POOR_FIT'],
])('finds %s, by its file', (_, change, reason) => {
  const [first, ...others] = findOutliers(changed(50, change));
  expect(others).toEqual([]);
  expect(first?.star.file).toBe('star50.fits');
  expect(first?.reasons.join()).toContain(reason);
});

it('is one page that asks for nothing, with names as they are', () => {
  const odd: Survey = { ...emptySurvey(), stars: [...changed(50, { file: '<script>alert(1)</script>.fits', emission: 'Hα' })] };
  odd.rows = 120;
  odd.fitted = 120;
  const page = reportPage(odd, [['model', 'm']]);
  expect(page).not.toContain('<script');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;.fits');
  expect(page).not.toMatch(/(src|href)=|url\(|@import/);
  expect(page).toContain('Kiel diagram');
});
