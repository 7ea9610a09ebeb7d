import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { failed, success, type Result } from '../../src/domain/result.ts';

/** Rows of a CSV file with a header, as text by column name; `.gz` is unpacked. Failure `FILE_UNREADABLE`. */
export async function readCsvTable(path: string): Promise<Result<readonly Readonly<Record<string, string>>[]>> {
  try {
    const bytes = await readFile(path);
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    return success(Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true, comments: '#' }).data);
  } catch (error) {
    return failed(
      'FILE_UNREADABLE',
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      'Check the path; shared data are looked for in $MAURY_SHARED or ../shared.',
    );
  }
}
