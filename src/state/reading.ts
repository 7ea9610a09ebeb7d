/** Files into spectra: what a file does not say, a person may; the answer holds for all files of the same layout. */
import type { FitClient } from '../domain/client.ts';
import { failed, type Result } from '../domain/result.ts';
import type { ReadOptions, Spectrum } from '../domain/spectrum.ts';
import type { Entry } from './entries.ts';
import { IDLE } from './fitRun.ts';
import type { Settings } from './settings.ts';

/** A file as the browser gives it. */
export interface NamedFile {
  readonly name: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Why a file could not be opened, `FILE_UNREADABLE`. */
export const unopened = ({ name }: NamedFile, reason: unknown): Result<never> =>
  failed(
    'FILE_UNREADABLE',
    `${name} could not be opened: ${reason instanceof Error ? reason.message : String(reason)}`,
    'Choose the file again.',
  );

export class FileReading {
  /** The file that each spectrum on the page was read from in this visit. */
  private readonly files = new WeakMap<Spectrum, NamedFile>();

  constructor(
    private readonly client: FitClient,
    private readonly settings: () => Settings,
  ) {}

  /** The spectra of a file; by what was said of files of its layout, where it leaves something open and a person has answered before. */
  async read(file: NamedFile): Promise<Result<readonly Spectrum[]>> {
    const first = await this.readSo(file, {});
    const layout = first.ok ? first.value.find(({ reading }) => (reading?.unsaid.length ?? 0) > 0)?.reading?.layout : undefined;
    const { answers } = this.settings();
    const answer = layout === undefined || !Object.hasOwn(answers, layout) ? undefined : answers[layout];
    return answer === undefined ? first : this.readSo(file, answer);
  }

  /** The entries with those of one's file read anew by an answer, and the fits that go with the old ones. */
  async answer(
    entries: readonly Entry[],
    key: string,
    answer: ReadOptions,
  ): Promise<Result<{ entries: readonly Entry[]; anew: readonly string[] }>> {
    const spectrum = entries.find((entry) => entry.key === key)?.spectrum;
    const layout = spectrum?.reading?.layout;
    if (layout !== undefined) this.settings().setAnswer(layout, answer);
    const file = spectrum === undefined ? undefined : this.files.get(spectrum);
    if (file === undefined)
      return failed(
        'FILE_GONE',
        `${key} was opened in an earlier visit; its file is not at hand.`,
        'Open the file again: it will be read as you said.',
      );
    const read = await this.readSo(file, answer);
    if (!read.ok) return read;
    const own = entries.filter((entry) => this.files.get(entry.spectrum) === file);
    const changed = new Map(own.map((entry, k) => [entry.key, read.value[entry.spectrum.source?.index ?? k]] as const));
    return {
      ok: true,
      warnings: read.warnings,
      value: {
        anew: own.map((entry) => entry.key),
        entries: entries.map((entry) => {
          const other = changed.get(entry.key);
          return other === undefined ? entry : { ...entry, spectrum: other, warnings: read.warnings, run: IDLE, manual: null };
        }),
      },
    };
  }

  /** A spectrum that stands in the place of another is of the same file. */
  follow(before: Spectrum, now: Spectrum): void {
    const file = this.files.get(before);
    if (file !== undefined) this.files.set(now, file);
  }

  private async readSo(file: NamedFile, options: ReadOptions): Promise<Result<readonly Spectrum[]>> {
    try {
      const read = await this.client.read(file.name, new Uint8Array(await file.arrayBuffer()), options);
      if (read.ok) for (const spectrum of read.value) this.files.set(spectrum, file);
      return read;
    } catch (reason) {
      return unopened(file, reason);
    }
  }
}
