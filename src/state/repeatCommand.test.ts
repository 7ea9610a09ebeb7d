import { expect, it } from 'vitest';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { FakeClient } from '../testing/fakeClient.ts';
import { failureOf, valueOf } from '../testing/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import type { Entry } from './entries.ts';
import { IDLE } from './fitRun.ts';
import { overruled } from './overruling.ts';
import { repeatCommand } from './repeatCommand.ts';
import { createSessionStore } from './store.ts';

const client = new FakeClient();
const ready = valueOf(await client.ready);
const known = { ...createSessionStore().getState(), engine: { kind: 'ready', engine: ready } as const, models: client.offers };

async function fitted(change: (spectrum: Spectrum) => Spectrum, options = DEFAULT_FIT_OPTIONS): Promise<Entry> {
  const star = await client.star('my star.fits', false);
  const spectrum = change({ ...star, source: { name: 'my star.fits', sha256: null, index: 0 } });
  const outcome = valueOf(await client.fit(spectrum, options, () => undefined).result);
  const { problem } = outcome.result;
  const result = { ...outcome.result, problem: { ...problem, options, data: [{ ...problem.data[0], spectrum }] as const } };
  return { key: 'star', spectrum, warnings: [], run: { kind: 'done', ...outcome, result }, manual: null };
}

it('names the file, what was said of it, and what the fit was asked for', async () => {
  const star = await fitted((spectrum) => overruled({ ...spectrum, frame: 'barycentric' }, { medium: 'air', frame: 'rest' }), {
    ...DEFAULT_FIT_OPTIONS,
    method: 'cmaes',
    seed: 7,
    maskedRegions: [{ from: 6550.5, to: 6580, why: 'emission', frame: 'observed' }],
    priors: { logg: { mean: 2.41, sigma: 0.02 }, vmic: { fixed: 1.2 } },
  });
  const line = valueOf(repeatCommand(star, known));
  expect(line).toMatch(/(^|\n)npm run --silent maury -- fit 'my star\.fits' /);
  for (const part of ['--method cmaes', '--seed 7', '--mask 6550.5-6580@observed', '--prior logg=2.41+-0.02', '--fix vmic=1.2'])
    expect(line).toContain(part);
  expect(line).toMatch(/--medium air --frame rest$/);
});

it('names the model, the calibration and the spectrum only where the terminal would take another', async () => {
  const star = await fitted((spectrum) => spectrum);
  if (star.run.kind !== 'done') throw new Error('not fitted');
  const of = (calibration: string, models = known.models, opened: readonly string[] = []) =>
    valueOf(
      repeatCommand(
        {
          ...star,
          run: { ...star.run, calibrated: { ...(star.run.kind === 'done' ? star.run.calibrated : null), calibration } } as Entry['run'],
        },
        { ...known, models, openedCalibrations: opened },
      ),
    );
  expect(of('none')).not.toMatch(/--model|--calibration|--spectrum/);
  expect(of('none', [{ id: 'another', title: 'Another', bytes: null, heldOutMae: null }])).toContain(`--model ${ready.info.id}`);
  expect(of('other')).toContain('--calibration other');
  expect(of('mine', known.models, ['mine'])).toMatch(/^# mine\.json is the calibration that you opened.*\n.*--calibration mine\.json/);
  const third = await fitted((spectrum) => ({
    ...spectrum,
    id: 'my star.fits#3',
    source: { name: 'my star.fits', sha256: null, index: 2 },
  }));
  expect(valueOf(repeatCommand(third, known))).toContain('--spectrum 3');
});

it('says what it does not repeat', async () => {
  const star = await fitted((spectrum) => spectrum);
  const edited: Entry = {
    ...star,
    manual: { labels: new Float64Array(33), drawn: null },
    given: { logg: { fixed: 4 } },
  };
  expect(valueOf(repeatCommand(edited, known)).split('\n').slice(0, 2)).toEqual([
    '# The sliders were moved since: this repeats the fit.',
    '# Changed since the fit, and not in this line: known labels.',
  ]);
  const { source, ...sourceless } = star.spectrum;
  expect(source?.name).toBe('my star.fits');
  const sample = await fitted(() => sourceless);
  expect(failureOf(repeatCommand(sample, known)).code).toBe('COMMAND_NO_FILE');
  expect(failureOf(repeatCommand({ ...star, run: IDLE }, known)).code).toBe('COMMAND_NO_FIT');
});
