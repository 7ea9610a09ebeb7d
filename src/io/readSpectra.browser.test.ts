import { gzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { concat, imageHdu } from '../testing/fitsBuilder.ts';
import { valueOf } from '../testing/result.ts';
import { readSpectra } from './readSpectra.ts';

it('a browser reads gzipped FITS of two members with trailing bytes, which its own DecompressionStream refuses', () => {
  const fits = imageHdu([400], new Float64Array(400).fill(7), [
    ['CRVAL1', 5000],
    ['CDELT1', 2],
  ]);
  const bytes = concat([gzipSync(fits.subarray(0, 2880)), gzipSync(fits.subarray(2880)), new TextEncoder().encode('trailing')]);
  const [spectrum] = valueOf(readSpectra('star.fits.gz', bytes));
  expect(spectrum?.wavelength.at(-1)).toBe(5798);
  expect(spectrum?.flux[399]).toBe(7);
});
