import { expect, it } from 'vitest';
import { madeUpSpectrum } from '../testing/fit.ts';
import { keptStar, readKeptStar } from './keptStar.ts';

it('a spectrum that was kept when its survey was a name alone gets the record of that survey back', () => {
  const spectrum = madeUpSpectrum(20, { meta: { rv_pipeline_kms: -38 } });
  const now = keptStar({ rank: 0, spectrum, warnings: [], finished: null, asked: null });
  const before = { ...now, spectrum: { ...spectrum, survey: 'LAMOST' } };
  const survey = readKeptStar(before)?.spectrum.survey;
  expect(survey).toMatchObject({ name: 'LAMOST', mediumKnown: true, pipelineVelocity: -38 });
  expect(survey?.noise?.value.at(-1)).toBeGreaterThan(1);
  expect(readKeptStar({ ...before, spectrum: { ...spectrum, survey: 'A9' } })?.spectrum.survey).toMatchObject({
    name: 'A9',
    mediumKnown: false,
  });
  expect(readKeptStar(now)).toEqual(now);
});
