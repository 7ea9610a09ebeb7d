/** How a command of the terminal reads its options, refuses what it does not understand, and ends. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { failed, success, type Failure, type Result } from '../../src/domain/result.ts';

/** How a command of the terminal is started: what follows its name; the exit code comes back. */
export interface Command {
  run(args: readonly string[]): Promise<number>;
}

/** Exit codes: 0 done (of a batch: at least one file), 1 nothing came of it, 2 the command was not understood, 130 interrupted. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Options and positionals; failure `BAD_OPTION` for one that is unknown or lacks its value. */
function parseOptions<T extends ParseArgsConfig>(config: T): Result<ReturnType<typeof parseArgs<T>>> {
  try {
    return success(parseArgs(config));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return failed('BAD_OPTION', message.split('. To specify')[0] ?? message, 'Add --help to see the options.');
  }
}

/** What `openCommand` found: the options, or the exit code of a command that ends here. */
type Opened<T extends ParseArgsConfig> =
  { readonly ok: true; readonly value: ReturnType<typeof parseArgs<T>> } | { readonly ok: false; readonly code: number };

/** The head of every command: its options, with --help (-h) beside them, which prints `help`; what is not understood is refused on stderr. */
export function openCommand<T extends ParseArgsConfig>(help: string, config: T): Opened<T> {
  const asked = parseOptions({ ...config, options: { ...config.options, help: { type: 'boolean', short: 'h' } } });
  if (!asked.ok) return { ok: false, code: refuse(asked.failure) };
  if ('help' in asked.value.values && asked.value.values.help === true) {
    process.stdout.write(help);
    return { ok: false, code: EXIT.done };
  }
  const parsed = parseOptions(config);
  return parsed.ok ? { ok: true, value: parsed.value } : { ok: false, code: refuse(parsed.failure) };
}

/** A number of an option, within its bounds; failure `BAD_OPTION` quoting it. */
export function numberOption(
  name: string,
  text: string | undefined,
  fallback: number,
  bounds: { min: number; max?: number; integer?: boolean },
): Result<number> {
  if (text === undefined) return success(fallback);
  const value = text.trim() === '' ? NaN : Number(text);
  const kind = bounds.integer === true ? 'a whole number' : 'a number';
  if (
    !Number.isFinite(value) ||
    value < bounds.min ||
    value > (bounds.max ?? Infinity) ||
    (bounds.integer === true && !Number.isInteger(value))
  )
    return failed(
      'BAD_OPTION',
      `--${name} is "${text}".`,
      `Give ${kind} of at least ${String(bounds.min)}${bounds.max === undefined ? '' : ` and at most ${String(bounds.max)}`}.`,
    );
  return success(value);
}

/** One of a list of words; failure `BAD_OPTION` naming the choices. */
export function choiceOption<T extends string>(name: string, text: string | undefined, fallback: T, choices: readonly T[]): Result<T> {
  if (text === undefined) return success(fallback);
  const found = choices.find((choice) => choice === text);
  return found === undefined ? failed('BAD_OPTION', `--${name} is "${text}".`, `Give one of: ${choices.join(', ')}.`) : success(found);
}

/** Says a failure on stderr and gives the exit code of a command that was not understood. */
export function refuse(failure: Failure, code: number = EXIT.usage): number {
  process.stderr.write(`${failure.code}: ${failure.message}${failure.hint === undefined ? '' : `\n  ${failure.hint}`}\n`);
  return code;
}
