/** One process of a batch: opens the model once, then fits the files it is given. */
import { z } from 'zod';
import { failedReport, fitFile } from './fitFile.ts';
import { fitSetupSchema } from './fitSetup.ts';
import { openFitter } from './openFitter.ts';
import { serveTasks } from './serveTasks.ts';

serveTasks(fitSetupSchema, z.string(), async (setup) => {
  const opened = await openFitter(setup);
  return (file) => (opened.ok ? fitFile(opened.value, file, setup) : [failedReport(file, opened.failure)]);
});
