import { expect, it } from 'vitest';
import { emissionLines } from './emission.ts';

/** A flat spectrum of S/N 50 at R = 1800, with a Gaussian of the height `share` at a wavelength. */
function withLine(at: number, share: number) {
  const restWavelength = Float64Array.from({ length: 3000 }, (_, p) => 4000 + p);
  const fwhm = at / 1800;
  const excess = restWavelength.map((wavelength) => share * Math.exp(-4 * Math.LN2 * ((wavelength - at) / fwhm) ** 2));
  const ones = new Float64Array(3000).fill(1);
  return {
    flux: excess.map((one) => 1 + one),
    fit: { restWavelength, residuals: excess.map((one) => 50 * one), modelFlux: ones, continuum: ones, resolvingPower: 1800 },
  };
}

it('finds a line in emission by its name, and not absorption or what is weaker than a twentieth', () => {
  const halpha = withLine(6564.61, 0.3);
  expect(emissionLines(halpha.flux, halpha.fit).map(({ line }) => line)).toEqual(['Hα']);
  for (const share of [-0.3, 0.05, 0]) {
    const { flux, fit } = withLine(6564.61, share);
    expect(emissionLines(flux, fit), String(share)).toEqual([]);
  }
  const elsewhere = withLine(6400, 0.5);
  expect(emissionLines(elsewhere.flux, elsewhere.fit)).toEqual([]);
});
