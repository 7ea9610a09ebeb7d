import { expect, it } from 'vitest';
import { startRun } from '../fit/mcmc/run.ts';
import { checkpointOf, resumable } from './checkpoint.ts';

it('a run goes on with the weights that it began with, and with no others', () => {
  const run = startRun({ kind: 'ensemble', seed: 1, step: 7, groups: [], values: [], accepted: 0, proposed: 0 });
  const stored = structuredClone(checkpointOf({ id: 'model', weights: 'a' }, run));
  expect(resumable({ id: 'model', weights: 'a' }, stored)).toEqual(run);
  // The same name after an update, and another bundle with as many labels.
  expect(resumable({ id: 'model', weights: 'b' }, stored)).toBeUndefined();
  for (const other of [undefined, null, 'run', {}, run, { weights: 'a', run: { state: {} } }])
    expect(resumable({ id: 'model', weights: 'a' }, other)).toBeUndefined();
});
