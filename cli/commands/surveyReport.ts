/** `maury survey-report`: what a survey looks like, on one page. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CATALOGUE } from '../survey/catalogueColumns.ts';
import { writeFailure } from '../survey/lineStore.ts';
import { commonRun, withCatalogue } from '../survey/mergeRuns.ts';
import { readCatalogue } from '../survey/report/catalogueFile.ts';
import { reportPage } from '../survey/report/page.ts';
import { addRow, emptySurvey, type Survey } from '../survey/report/stars.ts';
import { success, type Result } from '../../src/domain/result.ts';
import { EXIT, openCommand, refuse } from './args.ts';

const HELP = `maury survey-report CATALOGUE|DIR... --out report.html: diagrams and outliers of a survey on one self-contained page

  CATALOGUE     a catalogue of maury merge as .csv or .ecsv; or the folders of maury batch themselves
  --out FILE    the page

Kiel diagram, [X/Fe] over [Fe/H], errors against S/N, velocities against the survey's own, flags, failures, and a list of stars to look at.
`;

type About = readonly (readonly [string, string])[];

async function fromFolders(folders: readonly string[], survey: Survey): Promise<Result<About>> {
  const run = commonRun(folders, true);
  if (!run.ok) return run;
  const share = { threshold: 1 };
  const cells = new Map(CATALOGUE.map((column) => [column.name, column.cell]));
  const about = await withCatalogue(folders, run.value, mkdtempSync(join(tmpdir(), 'maury-report-')), async (head, sorted) => {
    for await (const line of sorted.lines()) addRow(survey, (name) => cells.get(name)?.(line) ?? null, share);
    return head.about;
  });
  return success(about);
}

/** The survey-report command. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, { args: [...args], allowPositionals: true, options: { out: { type: 'string' } } });
  if (!parsed.ok) return parsed.code;
  const { values, positionals } = parsed.value;
  const [first] = positionals;
  if (values.out === undefined || first === undefined)
    return refuse({
      code: 'BAD_OPTION',
      message: 'A catalogue and --out are needed.',
      hint: 'maury survey-report catalogue.csv --out report.html',
    });
  const survey = emptySurvey();
  const about = /\.e?csv$/i.test(first) ? await readCatalogue(first, survey) : await fromFolders(positionals, survey);
  if (!about.ok) return refuse(about.failure, EXIT.failed);
  try {
    writeFileSync(values.out, reportPage(survey, about.value));
  } catch (error) {
    return refuse(writeFailure(values.out, error), EXIT.failed);
  }
  process.stderr.write(`${values.out}: ${String(survey.rows)} spectra, ${String(survey.fitted)} fitted\n`);
  return EXIT.done;
}
