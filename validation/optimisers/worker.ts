/** One process of `npm run validate -- optimisers`: opens the model once, then fits each star it is given by both optimisers. */
import { serveTasks } from '../../cli/batch/serveTasks.ts';
import { openStars } from '../inference/openStars.ts';
import { setupSchema, taskSchema } from '../inference/record.ts';
import { compareOptimisers } from './optimisers.ts';

serveTasks(setupSchema, taskSchema, async (setup) => {
  const { service, reader } = await openStars(setup);
  return (task) => compareOptimisers(service, reader.star(task.place), task.snr, setup.seed);
});
