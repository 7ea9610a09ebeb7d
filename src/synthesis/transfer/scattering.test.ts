import { describe, expect, it } from 'vitest';
import { addScatteringGradient, scatteringWork, solveMeanIntensity } from './scattering.ts';
import { emergentFlux, fluxGradient, opticalDepthWeights, transferWork, type TransferBlock } from './transfer.ts';

const LAYERS = 40;
const rhox = Float64Array.from({ length: LAYERS }, (_, k) => 10 ** (-5 + (7 * k) / (LAYERS - 1)));
const weights = opticalDepthWeights(rhox, new Float64Array(LAYERS).fill(1));

/** Two wavelengths, the second with a line; scattering rules at the top. */
function blockOf(change: (absorption: Float64Array, scattering: Float64Array) => void = () => undefined): TransferBlock {
  const fill = (f: (layer: number, i: number) => number): Float64Array =>
    Float64Array.from({ length: LAYERS * 2 }, (_, at) => f(Math.floor(at / 2), at % 2));
  const absorption = fill((k, i) => (0.05 + 0.02 * k) * (1 + 20 * i));
  const scattering = fill((k) => 0.6 - 0.01 * k);
  change(absorption, scattering);
  return { count: 2, layers: LAYERS, absorption, scattering, planck: fill((k) => 1 + 1.5 * rhox[k]), meanIntensity: fill(() => 0) };
}

function solve(block: TransferBlock) {
  const [transfer, scatterers, flux] = [transferWork(LAYERS, 2), scatteringWork(LAYERS, 2), new Float64Array(2)];
  solveMeanIntensity(block, weights, scatterers);
  emergentFlux(block, weights, rhox[0], 1, transfer, flux);
  return { transfer, scatterers, flux };
}

describe('scattering', () => {
  it('leaves J = B where nothing scatters and B is constant, below the surface', () => {
    const block = blockOf((_, scattering) => scattering.fill(0));
    block.planck.fill(3);
    solve(block);
    expect(block.meanIntensity[2 * (LAYERS - 2)]).toBeCloseTo(3, 6);
    expect(block.meanIntensity[0]).toBeLessThan(3);
  });

  it('dims the source function where a line absorbs', () => {
    const block = blockOf();
    solve(block);
    expect(block.meanIntensity[1]).toBeLessThan(block.meanIntensity[0]);
  });

  it('has the gradient of the flux, with the mean intensity following', () => {
    const block = blockOf();
    const { transfer, scatterers, flux } = solve(block);
    const [gradient, gradientS] = [new Float64Array(LAYERS * 2), new Float64Array(LAYERS * 2)];
    fluxGradient(block, weights, rhox[0], 1, transfer, gradient, gradientS);
    addScatteringGradient(block, weights, transfer, scatterers, gradient, gradientS);
    for (const layer of [3, 15, 22, 27, 32, 37]) {
      for (const i of [0, 1]) {
        const at = layer * 2 + i;
        const step = 1e-5;
        const byAbsorption = solve(blockOf((a) => (a[at] += step))).flux[i];
        const byScattering = solve(blockOf((_, s) => (s[at] += step))).flux[i];
        expect((byAbsorption - flux[i]) / step).toBeCloseTo(gradient[at], 3);
        expect((byScattering - flux[i]) / step).toBeCloseTo(gradientS[at], 3);
      }
    }
  });
});
