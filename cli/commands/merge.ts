/** `maury merge DIR… --out catalogue.fits`: the results of a survey as one catalogue. */
import { commonRun, formatOf, writeCatalogue } from '../survey/mergeRuns.ts';
import { EXIT, openCommand, refuse } from './args.ts';

const HELP = `maury merge DIR... --out FILE [--partial]: one catalogue from folders that maury batch wrote

  --out FILE   its ending says the format: .fits, .csv, .ecsv, .parquet or .vot (VOTable)
  --partial    without the shares that are not among the folders

One row per spectrum, ordered by file; of several results of one spectrum the last counts. Columns have units, UCDs and descriptions; …_flags are
bit masks; the head names software, model, calibration and options. The same results give the same bytes, however they were shared out.
`;

/** The merge command. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, {
    args: [...args],
    allowPositionals: true,
    options: { out: { type: 'string' }, partial: { type: 'boolean', default: false } },
  });
  if (!parsed.ok) return parsed.code;
  const { values, positionals: folders } = parsed.value;
  if (values.out === undefined)
    return refuse({ code: 'BAD_OPTION', message: '--out is missing.', hint: 'maury merge DIR... --out catalogue.fits' });
  const format = formatOf(values.out);
  if (!format.ok) return refuse(format.failure);
  const common = commonRun(folders, values.partial);
  if (!common.ok) return refuse(common.failure, EXIT.failed);
  const merged = await writeCatalogue(folders, common.value, format.value, values.out);
  if (!merged.ok) return refuse(merged.failure, EXIT.failed);
  const { rows, failed, duplicates, damaged } = merged.value;
  const notes = [
    failed === 0 ? '' : `, ${String(failed)} of them not fitted`,
    duplicates === 0 ? '' : `; ${String(duplicates)} entries stood in a list more than once`,
    damaged === 0 ? '' : `; ${String(damaged)} lines could not be read`,
  ];
  process.stderr.write(`${values.out}: ${String(rows)} spectra${notes.join('')}\n`);
  return EXIT.done;
}
