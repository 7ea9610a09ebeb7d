import { expect, it } from 'vitest';
import { labelBasis } from './basis.ts';

const label = (name: 'teff' | 'Mg' | 'Eu', value: number, sigma: number, priorFraction: number) =>
  ({ name, value, sigma, priorFraction, flags: [] }) as const;

it('takes the prior out of the posterior, and correlations out of the covariance', () => {
  // Data σ 0.4 and prior σ 0.3 give 0.24.
  const labels = [label('teff', 5000, 50, 0.05), label('Mg', 0.1, 0.24, 0.8), label('Eu', 0, 0.3, 1)];
  const covariance = Float64Array.of(2500, -6, 0, -6, 0.0576, 0.0144, 0, 0.0144, 0.09);
  const mg = labelBasis({ labels, covariance }, 'Mg');
  expect(mg?.cramerRao).toBeCloseTo(0.4, 10);
  expect(mg?.information).toBeCloseTo(6.25, 8);
  expect(mg?.priorSigma).toBeCloseTo(0.3, 10);
  expect(mg?.share).toBeCloseTo(0.36, 10);
  expect(mg?.correlations.map(({ name }) => name)).toEqual(['teff', 'Eu']);
  expect(mg?.correlations[0]?.value).toBeCloseTo(-0.5, 10);
  expect(mg?.correlations[1]?.value).toBeCloseTo(0.2, 10);
  expect(labelBasis({ labels, covariance }, 'Eu')).toMatchObject({ information: 0, cramerRao: Infinity, share: 0 });
  expect(labelBasis({ labels, covariance }, 'Ca')).toBeNull();
});
