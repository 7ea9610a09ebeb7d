import { expect, it } from 'vitest';
import { priorOptions } from './priorOptions.ts';

it('priors and fixed labels, in the ways people write them', () => {
  expect(priorOptions(['logg=2.41±0.02', 'teff=5777 +- 25', 'mg=-0.1+/-5e-2'], ['vmic=1.2', 'C=-.5'])).toMatchObject({
    ok: true,
    value: {
      logg: { mean: 2.41, sigma: 0.02 },
      teff: { mean: 5777, sigma: 25 },
      Mg: { mean: -0.1, sigma: 0.05 },
      vmic: { fixed: 1.2 },
      C: { fixed: -0.5 },
    },
  });
  expect(priorOptions([], [])).toMatchObject({ ok: true, value: {} });
});

it.each([
  [['logg=2.41'], [], /--prior is "logg=2.41"/],
  [['logg=2.41±0'], [], /σ must be positive/],
  [['logg=2.41±-0.1'], [], /σ must be positive/],
  [['gravity=2.41±0.1'], [], /the label "gravity"/],
  [[], ['vmic=fast'], /--fix is "vmic=fast"/],
  [[], ['vmic=1.2±0.1'], /--fix is/],
  [['vmic=1±0.1'], ['vmic=1'], /given twice/],
])('%j %j is refused by name', (priors, fixed, message) => {
  const read = priorOptions(priors, fixed);
  expect(read.ok ? '' : read.failure.code).toBe('BAD_OPTION');
  expect(read.ok ? '' : read.failure.message).toMatch(message);
});
