/** One process of `npm run validate -- inference`: opens the model once, then injects and fits the stars it is given. */
import { serveTasks } from '../../cli/batch/serveTasks.ts';
import { openStars } from './openStars.ts';
import { setupSchema, taskSchema } from './record.ts';
import { Recovery } from './recover.ts';

serveTasks(setupSchema, taskSchema, async (setup) => {
  const { service, reader } = await openStars(setup);
  const recovery = new Recovery(service);
  return (task) => recovery.recover(reader.star(task.place), task.snr, setup.seed);
});
