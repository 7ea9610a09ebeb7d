/** One process of a batch: opens the model once, then fits the files it is given. */
import { z } from 'zod';
import { failedReport, fitFile } from './fitFile.ts';
import type { ResultRecord } from '../../src/results/record.ts';
import { fitSetupSchema, type FitSetup } from './fitSetup.ts';
import { openFitter, type Fitter } from './openFitter.ts';
import type { Result } from '../../src/domain/result.ts';

const taskSchema = z.object({ index: z.number(), task: z.string() });
let setup: FitSetup | null = null;
let service: Promise<Result<Fitter>> | null = null;

async function answer(file: string): Promise<ResultRecord[]> {
  if (setup === null || service === null) throw new Error('a file came before the set-up');
  const opened = await service;
  return opened.ok ? fitFile(opened.value, file, setup.options) : [failedReport(file, opened.failure)];
}

// The parent handles Ctrl-C and ends its children.
process.on('SIGINT', () => undefined);
process.on('message', (message) => {
  if (setup === null) {
    setup = fitSetupSchema.parse(message);
    service = openFitter(setup);
    return;
  }
  const { index, task } = taskSchema.parse(message);
  void answer(task).then((result) => process.send?.({ index, result }));
});
