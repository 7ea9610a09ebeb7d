import type { ReadOptions } from '../../src/io/readOptions.ts';
import { z } from 'zod';
import type { OpenOptions } from '../../src/compute/messages.ts';
import type { FitOptions } from '../../src/domain/fit.ts';
import type { LineListName } from '../files/lineLists.ts';

/** The synthesis: in place of the network, from whose solution it starts, or to verify that; its tables, and which of their line lists. */
export interface SynthesisSetup {
  readonly use: 'fit' | 'verify';
  readonly tables: string;
  readonly lines: LineListName;
}

/** What every process of a batch needs to know: which model on which backend, and how to fit. */
export interface FitSetup {
  readonly open: OpenOptions;
  readonly options: FitOptions;
  readonly synthesis?: SynthesisSetup;
  /** What the person says of the files. */
  readonly reading?: ReadOptions;
  /** Which spectrum of those that are read of a file, from 1; absent: all. */
  readonly spectrum?: number;
}

/** It comes from our own parent process, so its shape alone is looked at. */
export const fitSetupSchema = z.custom<FitSetup>(
  (value) => z.object({ open: z.object({}), options: z.object({}) }).safeParse(value).success,
);
