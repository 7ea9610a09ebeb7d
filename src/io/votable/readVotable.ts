/** VOTable 1.1–1.5 (https://www.ivoa.net/documents/VOTable/): TABLEDATA, BINARY and BINARY2, one pixel a row or vectors in one row. */
import { failed, success, type Result } from '../../domain/result.ts';
import type { Spectrum } from '../../domain/spectrum.ts';
import { unknownSurvey } from '../../domain/survey.ts';
import { statedMedium } from '../fileMedium.ts';
import type { ReadRequest } from '../readOptions.ts';
import { collect, isSpectral, spectraFromColumns, type DataColumn } from '../tabular.ts';
import { binaryRows } from './binary.ts';
import type { VotField } from './field.ts';
import { xmlEvents } from './xml.ts';

interface VotTable {
  readonly name: string;
  readonly fields: VotField[];
  /** Cells as text, where the data are TABLEDATA. */
  readonly rows: string[][];
  stream: { readonly kind: 'BINARY' | 'BINARY2'; base64: string } | null;
  refused: string | null;
}

interface Votable {
  readonly tables: VotTable[];
  readonly params: Map<string, string>;
  readonly words: string[];
}

/**
 * The spectra of all tables with a wavelength and a flux. Failures: VOTABLE_UNSUPPORTED (FITS or remote streams), VOTABLE_NO_SPECTRUM,
 * VOTABLE_DAMAGED, and those of `spectraFromColumns`.
 */
export function readVotable(id: string, text: string, request: ReadRequest): Result<readonly Spectrum[]> {
  const file = parse(text);
  const spectral = file.tables.filter(({ fields }) => isSpectral(fields.map(described)));
  const refused = spectral.find((table) => table.refused !== null);
  if (refused?.refused) {
    return failed(
      'VOTABLE_UNSUPPORTED',
      `The VOTable keeps its data ${refused.refused}.`,
      'Save it with TABLEDATA or BINARY2 in the file itself, or as FITS.',
    );
  }
  if (spectral.length === 0) {
    const names = file.tables.flatMap(({ fields }) => fields.map(({ name }) => name));
    return failed(
      'VOTABLE_NO_SPECTRUM',
      `The VOTable has no table with a wavelength and a flux; its fields are: ${names.join(', ').slice(0, 120) || 'none'}.`,
      'Open a table with fields of wavelength and flux.',
    );
  }
  return collect(
    spectral.map((table, k) => {
      const name = spectral.length > 1 ? `${id}#${table.name === '' ? String(k + 1) : table.name}` : id;
      return { name, result: fromTable(name, file, table, request) };
    }),
  );
}

/** `em.wl` of the VO says nothing of air or vacuum, other than in ESO's tables. */
const described = ({ name, unit, ucd, description }: VotField) => ({ name, unit, ucd, description, ucdSaysVacuum: false });

function fromTable(id: string, file: Votable, table: VotTable, request: ReadRequest): Result<readonly Spectrum[]> {
  const rows = table.stream ? binaryRows(table.stream.kind, table.stream.base64, table.fields) : textRows(table);
  if (!rows.ok) return rows;
  const vectors = table.fields.some(({ arraysize, datatype }) => arraysize !== '' && datatype !== 'char' && datatype !== 'unicodeChar');
  const [first] = rows.value;
  if (!first) return failed('VOTABLE_NO_SPECTRUM', `The table "${table.name}" has no rows.`, 'Choose a file with data.');
  const { medium, conflict } = statedMedium([...file.words, ...[...file.params].map(([key, value]) => `${key}: ${value}`)]);
  const power = Number(
    file.params.get('specres') ?? file.params.get('spec_res') ?? file.params.get('respower') ?? file.params.get('resolving_power'),
  );
  const facts = {
    format: 'VOTable',
    survey: unknownSurvey(file.params.get('instrument') ?? file.params.get('instrume')),
    object: file.params.get('targetname') ?? file.params.get('object') ?? file.params.get('target_name'),
    medium,
    frame: frameOf(file.params.get('specsys') ?? file.params.get('frame') ?? ''),
    lsf: power >= 100 ? ({ kind: 'resolving-power', resolvingPower: power } as const) : null,
    fluxUnit: null,
    angstroms: null,
    meta: {},
  };
  const columns = (cells: readonly Float64Array[]): DataColumn[] =>
    table.fields.map((field, k) => ({ ...described(field), values: cells[k] ?? new Float64Array(0) }));
  const before = conflict === null ? [] : [`The file mentions both air and vacuum (${conflict}).`];
  if (!vectors) {
    const whole = table.fields.map((_, k) => Float64Array.from(rows.value, (row) => row[k]?.[0] ?? NaN));
    return withWarnings(spectraFromColumns(columns(whole), { ...facts, id }, request), before);
  }
  return collect(
    rows.value.map((row, k) => {
      const name = rows.value.length > 1 ? `${id}#${k + 1}` : id;
      const longest = Math.max(...row.map(({ length }) => length));
      const pixels = columns(row).filter(({ values }) => values.length === longest);
      return { name, result: spectraFromColumns(pixels, { ...facts, id: name }, request) };
    }),
    before,
  );
}

const withWarnings = <T>(result: Result<T>, before: readonly string[]): Result<T> =>
  result.ok ? success(result.value, [...before, ...result.warnings]) : result;

function frameOf(stated: string): Spectrum['frame'] {
  if (/^(source|rest)/i.test(stated)) return 'rest';
  return /^(bary|helio)/i.test(stated) ? 'barycentric' : 'observed';
}

/** Cells of TABLEDATA as numbers; text cells and nulls are NaN. */
function textRows(table: VotTable): Result<readonly (readonly Float64Array[])[]> {
  const number = (word: string, field: VotField | undefined): number => {
    const trimmed = word.trim();
    if (trimmed === '' || trimmed === field?.nullValue) return NaN;
    if (/^(t|true)$/i.test(trimmed)) return 1;
    if (/^(f|false)$/i.test(trimmed)) return 0;
    return Number(trimmed);
  };
  return success(
    table.rows.map((row) =>
      row.map((cell, k) => {
        const field = table.fields[k];
        const words = field?.arraysize === '' || field?.datatype === 'char' ? [cell] : cell.trim().split(/\s+/);
        return Float64Array.from(words, (word) => number(word, field));
      }),
    ),
  );
}

/** The document's tables. Elements that are not named here (GROUP, LINK, COOSYS …) are passed over. */
function parse(text: string): Votable {
  const file: Votable = { tables: [], params: new Map(), words: [] };
  let table: VotTable | null = null;
  let field: VotField | null = null;
  let row: string[] | null = null;
  let inside = '';
  let cell = '';
  for (const event of xmlEvents(text)) {
    if (event.kind === 'text') {
      if (inside === 'TD') cell += event.text;
      else if (inside === 'STREAM' && table?.stream) table.stream.base64 += event.text;
      else if (inside === 'DESCRIPTION' || inside === 'INFO') {
        if (field) field.description += event.text;
        else if (event.text.trim() !== '') file.words.push(event.text.trim());
      }
      continue;
    }
    if (event.kind === 'open') {
      const get = (name: string): string | null => event.attributes.get(name) ?? null;
      inside = event.name;
      if (event.name === 'TABLE') {
        table = { name: get('name') ?? '', fields: [], rows: [], stream: null, refused: null };
        file.tables.push(table);
      } else if (event.name === 'FIELD' && table) {
        field = {
          name: get('name') ?? get('ID') ?? '',
          datatype: get('datatype') ?? 'char',
          arraysize: get('arraysize') === '1' ? '' : (get('arraysize') ?? ''),
          unit: get('unit'),
          ucd: get('ucd'),
          utype: get('utype'),
          nullValue: null,
          description: '',
        };
        table.fields.push(field);
      } else if (event.name === 'VALUES' && field && table && get('null') !== null) {
        field = Object.assign(field, { nullValue: get('null') });
      } else if (event.name === 'PARAM' || event.name === 'INFO') {
        const value = get('value');
        for (const key of [get('name'), get('utype')?.split('.').pop() ?? null]) {
          if (key !== null && value !== null && !file.params.has(key.toLowerCase())) file.params.set(key.toLowerCase(), value);
        }
      } else if (event.name === 'TR') row = [];
      else if (event.name === 'TD') cell = '';
      else if ((event.name === 'BINARY' || event.name === 'BINARY2') && table) table.stream = { kind: event.name, base64: '' };
      else if (event.name === 'FITS' && table) table.refused = 'in a FITS stream';
      else if (event.name === 'STREAM' && table && get('href') !== null)
        table.refused = `at another place (${(get('href') ?? '').slice(0, 60)})`;
      continue;
    }
    if (event.name === 'TD') row?.push(cell);
    else if (event.name === 'TR' && row) {
      table?.rows.push(row);
      row = null;
    } else if (event.name === 'FIELD') field = null;
    else if (event.name === 'TABLE') table = null;
    inside = event.name === 'DESCRIPTION' || event.name === 'TD' || event.name === 'STREAM' || event.name === 'INFO' ? '' : inside;
  }
  return file;
}
