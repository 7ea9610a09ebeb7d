/** One process of a survey, as its parent sees it: a question, an answer; a process that dies is an answer, too. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { FitSetup } from '../batch/fitSetup.ts';
import type { SourceFile } from './source.ts';

const failureSchema = z.object({ code: z.string(), message: z.string(), hint: z.exactOptional(z.string()) });
const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  /** The model cannot be opened: no process of this run can work. */
  z.object({ kind: z.literal('broken'), failure: failureSchema }),
  z.object({ kind: z.literal('hashed'), sha256: z.string() }),
  z.object({ kind: z.literal('read'), count: z.number().int() }),
  z.object({ kind: z.literal('failed'), failure: failureSchema }),
  z.object({
    kind: z.literal('fitted'),
    pipelineVelocity: z.number().nullable(),
    emission: z.array(z.object({ line: z.string(), sigma: z.number(), share: z.number() })),
    record: z.custom<object>((value) => z.looseObject({ ok: z.boolean() }).safeParse(value).success),
  }),
]);
export type Answer = z.infer<typeof answerSchema> | { readonly kind: 'died'; readonly why: string };

export type Question =
  | { readonly kind: 'hash'; readonly name: string; readonly path: string; readonly members?: readonly SourceFile[] }
  | { readonly kind: 'read' }
  | { readonly kind: 'fit'; readonly index: number };

export class Hand {
  private child: ChildProcess | null = null;
  private answer: (answer: Answer) => void = () => undefined;

  constructor(private readonly setup: FitSetup) {}

  /** Starts the process; `ready`, `broken` or `died`. */
  start(): Promise<Answer> {
    const child = fork(fileURLToPath(new URL('./surveyWorker.ts', import.meta.url)), {
      execArgv: process.execArgv,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.child = child;
    child.on('message', (message) => {
      this.answer(answerSchema.parse(message));
    });
    child.on('exit', (code, signal) => {
      if (this.child === child) this.child = null;
      this.answer({ kind: 'died', why: signal ?? `exit code ${String(code)}` });
    });
    return this.put(this.setup);
  }

  get running(): boolean {
    return this.child !== null;
  }

  ask(question: Question): Promise<Answer> {
    return this.put(question);
  }

  private put(message: object): Promise<Answer> {
    return new Promise((resolve) => {
      this.answer = (answer) => {
        this.answer = () => undefined;
        resolve(answer);
      };
      if (this.child === null) this.answer({ kind: 'died', why: 'it was not running' });
      else
        this.child.send(message, (error) => {
          if (error !== null) this.answer({ kind: 'died', why: error.message });
        });
    });
  }

  stop(): void {
    this.child?.kill('SIGKILL');
  }
}
