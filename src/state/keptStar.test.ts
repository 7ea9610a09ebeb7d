import { expect, it } from 'vitest';
import { madeUpCalibration, madeUpFit, madeUpSpectrum } from '../testing/fit.ts';
import { keptStar, readKeptStar } from './keptStar.ts';

const spectrum = madeUpSpectrum(20, { meta: { rv_pipeline_kms: -38 } });
const now = keptStar({
  owner: 'tab',
  key: 'a.fits',
  demo: false,
  rank: 0,
  spectrum,
  warnings: [],
  stretches: [],
  given: {},
  note: { verdict: 'unsure', comment: 'broad Hα?' },
  finished: null,
  earlier: [],
  asked: null,
});

it('a spectrum that was kept when its survey was a name alone gets the record of that survey back', () => {
  const first = { version: 1, rank: 0, warnings: [], finished: null, asked: null };
  const surveyOf = (name: string) => {
    const read = readKeptStar({ ...first, spectrum: { ...spectrum, survey: name } }, 'a.fits');
    return read.ok ? read.star.spectrum.survey : undefined;
  };
  expect(surveyOf('LAMOST')).toMatchObject({ name: 'LAMOST', mediumKnown: true, pipelineVelocity: -38 });
  expect(surveyOf('LAMOST')?.noise?.value.at(-1)).toBeGreaterThan(1);
  expect(surveyOf('A9')).toMatchObject({ name: 'A9', mediumKnown: false });
});

it('a result that was kept without its problem is opened as it is', () => {
  const { format, problem, z, curvature, scaledCovariance, chi2ReducedWidened, nuisances, ...result } = madeUpFit(spectrum);
  expect([format, problem, z, curvature, scaledCovariance, chi2ReducedWidened, nuisances]).not.toContain(undefined);
  const finished = { kind: 'done', result, calibrated: madeUpCalibration() } as const;
  const read = readKeptStar({ ...now, version: 2, finished }, 'tab/a.fits');
  expect(read).toMatchObject({ ok: true, star: { finished, asked: null, warnings: [] } });
});

it('a star that was kept before there were notes has none', () => {
  const { note, ...without } = now;
  expect(note.verdict).toBe('unsure');
  expect(readKeptStar({ ...without, version: 5 }, 'tab/a.fits')).toEqual({
    ok: true,
    star: { ...now, note: { verdict: null, comment: '' } },
  });
  expect(readKeptStar({ ...now, note: { verdict: 'superb', comment: '' } }, 'x')).toMatchObject({
    ok: false,
    why: expect.stringContaining('note') as string,
  });
});

it('reads what it writes, and says why it cannot read what it cannot', () => {
  expect(readKeptStar(now, 'tab/a.fits')).toEqual({ ok: true, star: now });
  expect(readKeptStar({ ...now, version: 8 }, 'x')).toEqual({ ok: false, why: 'written by a later version of this page (8)' });
  expect(readKeptStar({ ...now, spectrum: { ...spectrum, flux: null } }, 'x')).toEqual({
    ok: false,
    why: 'damaged: spectrum is no spectrum',
  });
  const stretches = [{ from: 6550, to: 6580, why: 'by hand', frame: 'rest' as const }];
  expect(readKeptStar({ ...now, stretches }, 'x')).toEqual({ ok: true, star: { ...now, stretches } });
  expect(readKeptStar({ ...now, stretches: [{ from: 6550 }] }, 'x')).toMatchObject({
    ok: false,
    why: expect.stringContaining('stretches') as string,
  });
  for (const record of [null, undefined, 'text', {}, { version: 0 }])
    expect(readKeptStar(record, 'x')).toEqual({ ok: false, why: 'not a record of this page' });
});

it('a star that was kept with one fit has no other, and a fit beside it that cannot be shown is named', () => {
  const { earlier, ...before } = now;
  expect(earlier).toEqual([]);
  expect(readKeptStar({ ...before, version: 6 }, 'x')).toEqual({ ok: true, star: now });
  const finished = { kind: 'done', result: madeUpFit(spectrum), calibrated: madeUpCalibration(), when: '2026-01-02T03:04:05Z' } as const;
  expect(readKeptStar({ ...now, earlier: [finished] }, 'x')).toEqual({ ok: true, star: { ...now, earlier: [finished] } });
  expect(readKeptStar({ ...now, earlier: [{ ...finished, result: {} }] }, 'x')).toMatchObject({
    ok: false,
    why: expect.stringContaining('earlier') as string,
  });
});
