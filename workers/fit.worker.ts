/** The page's worker: one model, one service. All the work is in src/. */
import { expose } from 'comlink';
import { createWorkerApi } from '../src/compute/workerApi.ts';

expose(createWorkerApi());
