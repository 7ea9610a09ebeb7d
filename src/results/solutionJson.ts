/**
 * Problems and solutions as text, and read back to the last bit: to keep a fit whole, to send it to another program, to solve it again. The number
 * `format` stands in the text and says which version of the program can read it.
 */
import type { z } from 'zod';
import type { Solution } from '../domain/fit.ts';
import { SOLUTION_FORMAT, type Problem } from '../domain/problem.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { problemSchema, solutionSchema } from './solutionSchema.ts';
import { parseTypedJson, typedJson } from './typedJson.ts';

/** One line of JSON, typed arrays in base64. */
export const problemJson = (problem: Problem): string => typedJson(problem);
/** As `problemJson`; its problem included. */
export const solutionJson = (solution: Solution): string => typedJson(solution);

/**
 * The problem in such a text. Failures `PROBLEM_NOT_JSON`, `PROBLEM_FORMAT` (of another version of the program) and `PROBLEM_BAD` (quoting what is
 * missing, unknown or does not fit).
 */
export const readProblemJson = (text: string): Result<Problem> => read('problem', text, problemSchema);
/** As `readProblemJson`, with failures `SOLUTION_…`. */
export const readSolutionJson = (text: string): Result<Solution> => read('solution', text, solutionSchema);

function read<T>(what: 'problem' | 'solution', text: string, schema: z.ZodType<T>): Result<T> {
  const name = what.toUpperCase();
  let value: unknown;
  try {
    value = parseTypedJson(text);
  } catch (error) {
    return failed(
      `${name}_NOT_JSON`,
      `The ${what} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      'Write it again: the file is cut off or not of this kind.',
    );
  }
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (typeof format === 'number' && format !== SOLUTION_FORMAT)
    return failed(
      `${name}_FORMAT`,
      `The ${what} has format ${String(format)}; this version reads format ${String(SOLUTION_FORMAT)}.`,
      'Read it with the version that wrote it, or fit the spectrum anew.',
    );
  const parsed = schema.safeParse(value);
  if (parsed.success) return success(parsed.data);
  const issue = parsed.error.issues[0];
  return failed(
    `${name}_BAD`,
    `This is no ${what}: ${[issue?.path.join('.'), issue?.message].filter((part) => part !== '').join(': ')}.`,
    'Check that the file is the one you mean; if it is, fit the spectrum anew.',
  );
}
