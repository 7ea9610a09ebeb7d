/** Fits a share of a survey into a folder: takes up what is there, runs the processes, and appends a line for every spectrum. */
import { mkdirSync } from 'node:fs';
import { z } from 'zod';
import type { Failure, Result } from '../../src/domain/result.ts';
import { success } from '../../src/domain/result.ts';
import type { FitSetup } from '../batch/fitSetup.ts';
import { Hand, type Answer } from './hand.ts';
import { KeySet } from './keySet.ts';
import { DUPLICATE, isPassing, parseHead, type LineHead } from './line.ts';
import { LineStore, writeFailure, type WriteBytes } from './lineStore.ts';
import { lockFolder } from './lock.ts';
import { Progress } from './progress.ts';
import { JobQueue, type Job } from './queue.ts';
import { claimRun, linesPath, type Run } from './runFile.ts';
import type { Ownership } from './shard.ts';
import type { SourceFile } from './source.ts';

export interface SurveyTask {
  readonly folder: string;
  readonly run: Run;
  readonly setup: FitSetup;
  readonly processes: number;
  readonly owns: Ownership;
  readonly say: (text: string) => void;
  /** Aborted: what is under way is given up, what is done stays. */
  readonly signal: AbortSignal;
  /** Files arrive without end: there is no number of them, and a name that comes again is a file that changed. */
  readonly endless?: boolean;
  /** For tests of a full disk. */
  readonly write?: WriteBytes;
}

/** What is known of a folder's lines. */
export class Done {
  private readonly keys = new KeySet();
  lines = 0;
  damaged = 0;

  add(text: string): void {
    const head = parseHead(text);
    if (head === null) this.damaged++;
    else this.note(head);
  }

  note({ file, index, of, sha256, record }: LineHead): void {
    this.lines++;
    const code = record.failure?.code;
    if (code === DUPLICATE) this.keys.add(file, DUPLICATE);
    if (isPassing(code) || sha256 === null) return;
    this.keys.add(file, sha256, String(index));
    if (of === 1 || index < 0) this.keys.add(file, sha256, 'all');
  }

  has(file: string, sha256: string, index: number): boolean {
    return this.keys.has(file, sha256, String(index));
  }

  /** The whole file, for files of one spectrum. */
  hasAll = (file: string, sha256: string): boolean => this.keys.has(file, sha256, 'all');
  hasDuplicate = (file: string): boolean => this.keys.has(file, DUPLICATE);
}

/** An opened folder of results. */
export interface OpenFolder {
  readonly store: LineStore;
  readonly done: Done;
  readonly close: () => Result<null>;
}

/** Locks the folder, checks that it holds the same run, and reads what is done. */
export async function openFolder(task: Pick<SurveyTask, 'folder' | 'run' | 'write' | 'say'>): Promise<Result<OpenFolder>> {
  const { folder, run } = task;
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    return { ok: false, failure: writeFailure(folder, error) };
  }
  const lock = lockFolder(folder);
  if (!lock.ok) return lock;
  const release = lock.value;
  const claimed = claimRun(folder, run);
  if (!claimed.ok) {
    release();
    return claimed;
  }
  const done = new Done();
  const store = await LineStore.open(
    linesPath(folder),
    (text) => {
      done.add(text);
    },
    task.write,
  );
  if (!store.ok) {
    release();
    return store;
  }
  if (done.damaged > 0) task.say(`${String(done.damaged)} lines of ${linesPath(folder)} cannot be read; their spectra are fitted again.`);
  return success(
    {
      store: store.value,
      done,
      close: () => {
        const closed = store.value.close();
        release();
        return closed;
      },
    },
    store.warnings,
  );
}

/** Fits all files that are not done. Failures: of the folder (`openFolder`), of the disk (`DISK_FULL`, `WRITE_FAILED`), of the model. */
export async function runSurvey(task: SurveyTask, files: () => AsyncGenerator<SourceFile>): Promise<Result<Progress>> {
  const opened = await openFolder(task);
  if (!opened.ok) return opened;
  for (const warning of opened.warnings) task.say(warning);
  const work = new SurveyWork(task, opened.value);
  const failure = await work.run(files);
  const closed = opened.value.close();
  if (failure !== null) return { ok: false, failure };
  return closed.ok ? success(work.progress) : closed;
}

/** Work of several processes on one open folder. */
export class SurveyWork {
  readonly progress: Progress;
  private failure: Failure | null = null;
  private readonly hands: Hand[];
  private readonly seen = new KeySet();

  constructor(
    private readonly task: SurveyTask,
    private readonly folder: OpenFolder,
  ) {
    this.progress = new Progress(task.say);
    this.hands = Array.from({ length: task.processes }, () => new Hand(task.setup));
  }

  /** Null when all is done or the task was aborted. */
  async run(files: () => AsyncGenerator<SourceFile>): Promise<Failure | null> {
    const stop = (): void => {
      for (const hand of this.hands) hand.stop();
    };
    this.task.signal.addEventListener('abort', stop);
    const queue = new JobQueue(this.wanted(files()));
    const counting = this.task.endless === true ? Promise.resolve() : this.count(files);
    await Promise.all(this.hands.map((hand) => this.drive(hand, queue)));
    await counting;
    this.task.signal.removeEventListener('abort', stop);
    stop();
    return this.failure;
  }

  private hasEnded(): boolean {
    return this.failure !== null || this.task.signal.aborted;
  }

  /** Files of this share, each once. */
  private async *wanted(files: AsyncGenerator<SourceFile>): AsyncGenerator<SourceFile> {
    for await (const file of files) {
      if (this.hasEnded()) return;
      if (!this.task.owns.file(file.name)) continue;
      if (this.task.endless === true || this.seen.add(file.name)) yield file;
      else if (!this.folder.done.hasDuplicate(file.name)) this.add(file.name, -1, 1, null, duplicateOf(file.name));
    }
  }

  private async count(files: () => AsyncGenerator<SourceFile>): Promise<void> {
    let count = 0;
    const names = new KeySet();
    try {
      for await (const { name } of files()) {
        if (this.hasEnded()) return;
        if (this.task.owns.file(name) && names.add(name)) count++;
      }
    } catch {
      return;
    }
    this.progress.counted(count);
  }

  private async drive(hand: Hand, queue: JobQueue): Promise<void> {
    for (;;) {
      const job = this.hasEnded() ? null : await this.nextJob(queue);
      if (job === null) return;
      if (!hand.running) {
        const started = await hand.start();
        if (started.kind === 'broken') this.failure ??= started.failure;
        if (started.kind === 'died' && !this.hasEnded())
          this.failure ??= {
            code: 'PROCESS_DIED',
            message: `A process ended before it was ready (${started.why}).`,
            hint: 'It may lack memory: try fewer --workers.',
          };
      }
      await this.doJob(hand, queue, job);
      if (this.failure !== null) for (const one of this.hands) one.stop();
    }
  }

  private async nextJob(queue: JobQueue): Promise<Job | null> {
    try {
      return await queue.next();
    } catch (error) {
      this.failure ??= {
        code: 'SOURCE_UNREADABLE',
        message: `The source cannot be read further: ${error instanceof Error ? error.message : String(error)}.`,
        hint: 'Check the path and its permissions, then give the same command again: it goes on.',
      };
      return null;
    }
  }

  private async doJob(hand: Hand, queue: JobQueue, { file, range }: Job): Promise<void> {
    const { done } = this.folder;
    let answered = range !== null;
    const close = (count: number): readonly [number, number] => {
      answered = true;
      return queue.opened(file, count);
    };
    try {
      if (this.hasEnded()) return;
      const hashed = await hand.ask({ kind: 'hash', ...file });
      if (hashed.kind !== 'hashed') {
        this.failFile(file.name, null, hashed);
        return;
      }
      const { sha256 } = hashed;
      if (done.hasAll(file.name, sha256)) {
        this.progress.keep();
        return;
      }
      const read = await hand.ask({ kind: 'read' });
      if (read.kind !== 'read') {
        this.failFile(file.name, sha256, read);
        return;
      }
      const [from, before] = range ?? close(read.count);
      const stopped = await this.fitStretch(hand, file.name, sha256, read.count, from, before);
      if (stopped < before && !this.hasEnded()) queue.putBack({ file, range: [stopped, before] });
    } finally {
      if (!answered) close(0);
    }
  }

  /** Gives the spectrum to go on with: before `before` where the process died or the run ended. */
  private async fitStretch(hand: Hand, name: string, sha256: string, count: number, from: number, before: number): Promise<number> {
    for (let index = from; index < before && !this.hasEnded(); index++) {
      if (!this.task.owns.spectrum(name, index)) continue;
      if (index > 0) this.progress.holdsMore(1);
      if (this.folder.done.has(name, sha256, index)) {
        this.progress.keep();
        continue;
      }
      const fitted = await hand.ask({ kind: 'fit', index });
      if (this.hasEnded()) return index;
      if (fitted.kind === 'fitted') this.add(name, index, count, sha256, fitted.record, fitted);
      else this.add(name, index, count, sha256, failureOf(name, fitted));
      if (fitted.kind === 'died') return index + 1;
    }
    return before;
  }

  private failFile(name: string, sha256: string | null, answer: Answer): void {
    if (!this.hasEnded()) this.add(name, 0, 1, sha256, failureOf(name, answer));
  }

  private add(
    file: string,
    index: number,
    of: number,
    sha256: string | null,
    record: object,
    { pipelineVelocity, emission }: Pick<Extract<Answer, { kind: 'fitted' }>, 'pipelineVelocity' | 'emission'> = UNKNOWN,
  ): void {
    const added = this.folder.store.add({ file, index, of, sha256, pipelineVelocity, emission, record });
    if (!added.ok) {
      this.failure ??= added.failure;
      return;
    }
    const failure = codeOf(record);
    this.folder.done.note({ file, index, of, sha256, record: failure === null ? { ok: true } : { ok: false, failure: { code: failure } } });
    if (index >= 0) this.progress.add(failure);
    else this.progress.failures.set(DUPLICATE, (this.progress.failures.get(DUPLICATE) ?? 0) + 1);
  }
}

const UNKNOWN = { pipelineVelocity: null, emission: [] };
const failureSchema = z.object({ failure: z.object({ code: z.string() }) });
const codeOf = (record: object): string | null => failureSchema.safeParse(record).data?.failure.code ?? null;

const duplicateOf = (file: string): object => ({
  file,
  ok: false,
  failure: { code: DUPLICATE, message: `${file} stands in the source more than once.`, hint: 'It is fitted once.' },
});

function failureOf(file: string, answer: Answer): { readonly file: string; readonly ok: false; readonly failure: Failure } {
  const failure: Failure =
    answer.kind === 'failed' || answer.kind === 'broken'
      ? answer.failure
      : {
          code: 'PROCESS_DIED',
          message: `The process that worked on ${file} ended (${answer.kind === 'died' ? answer.why : answer.kind}).`,
          hint: 'It may have run out of memory: try fewer --workers. The next run tries it again.',
        };
  return { file, ok: false, failure };
}
