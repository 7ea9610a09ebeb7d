import { gzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { concat, imageHdu } from '../testing/fitsBuilder.ts';
import { valueOf } from '../testing/result.ts';
import { readSpectra } from './readSpectra.ts';

it('a browser reads gzipped FITS of two members with trailing bytes, which its own DecompressionStream refuses', () => {
  // no constant flux: that would be taken for a stretch that was filled in
  const flux = Float64Array.from({ length: 400 }, (_, i) => 7 + ((i * 37) % 11) / 8);
  const fits = imageHdu([400], flux, [
    ['CRVAL1', 5000],
    ['CDELT1', 2],
  ]);
  const bytes = concat([gzipSync(fits.subarray(0, 2880)), gzipSync(fits.subarray(2880)), new TextEncoder().encode('trailing')]);
  const [spectrum] = valueOf(readSpectra('star.fits.gz', bytes));
  expect(spectrum?.wavelength.at(-1)).toBe(5798);
  expect(spectrum?.flux[399]).toBe(7.125);
});
