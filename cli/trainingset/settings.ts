/** What decides the spectra of a training set, and so its folder. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isElement, LABELS } from '../../src/domain/labels.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { elementRange, PARAMETER_RANGES, REGION } from '../../src/synthesis/draw.ts';
import { NATIVE_GRID, NATIVE_RESOLVING_POWER } from '../../src/synthesis/native.ts';
import { LINE_LISTS, type LineListName } from '../files/lineLists.ts';
import { derivativeUnit } from './chunks.ts';

/** Changes whenever the spectra of a given seed would: draws, physics or sampling. */
const SET_VERSION = '3';

/** The sets an emulator needs: spectra with derivatives, more of them without, and others that training never sees. */
export const PRESETS = {
  train: { seed: 1, derivatives: true, count: 2500 },
  flux: { seed: 3, derivatives: false, count: 1904 },
  heldout: { seed: 2, derivatives: true, count: 310 },
} as const;
export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES: readonly PresetName[] = ['train', 'flux', 'heldout'];

export interface SetSettings {
  readonly seed: number;
  readonly derivatives: boolean;
  readonly stepKms: number;
  readonly lines: LineListName;
  /** sha256 of each table read. */
  readonly tables: Readonly<Record<string, string>>;
}

/** The description of a set as dataset.json holds it. How many stars there are, and in which chunks, is no part of it: a set can be extended. */
export function describeSet({ seed, derivatives, stepKms, lines, tables }: SetSettings): Readonly<Record<string, unknown>> {
  return {
    version: SET_VERSION,
    seed,
    labels: LABELS,
    derivativeUnit: derivatives ? LABELS.map(derivativeUnit) : null,
    grid: NATIVE_GRID,
    resolvingPower: NATIVE_RESOLVING_POWER,
    stepKms,
    atmospheres: 'ATLAS9: Meszaros et al. (2012, AJ 144, 120); alpha-enhanced by the differential effect of Castelli & Kurucz (2003)',
    lineList: lines,
    lines: LINE_LISTS[lines].citation,
    solarScale: 'Asplund, Grevesse, Sauval & Scott (2009, ARA&A 47, 481)',
    ranges: Object.fromEntries(LABELS.map((name) => [name, isElement(name) ? elementRange(name) : PARAMETER_RANGES[name]])),
    region: REGION,
    code: 'maury src/synthesis',
    tables,
  };
}

/** Name of a set's folder: the first 12 hex digits of sha256 of all that decides its spectra (citations do not). */
export function setName(settings: SetSettings): string {
  const { version, labels, grid, resolvingPower, ranges, region } = describeSet(settings);
  const tables = Object.entries(settings.tables).sort(([a], [b]) => (a < b ? -1 : 1));
  const { seed, derivatives, stepKms } = settings;
  const decides = { version, seed, derivatives, labels, grid, resolvingPower, stepKms, ranges, region, tables };
  return createHash('sha256').update(JSON.stringify(decides)).digest('hex').slice(0, 12);
}

/** Makes the folder with its dataset.json; failures `OTHER_DATASET` where it holds a set of other settings, `NOT_WRITABLE`. */
export function openSet(folder: string, settings: SetSettings): Result<string> {
  const about = join(folder, 'dataset.json');
  const text = `${JSON.stringify(describeSet(settings), null, 1)}\n`;
  try {
    mkdirSync(folder, { recursive: true });
    if (existsSync(about) && readFileSync(about, 'utf8') !== text)
      return failed(
        'OTHER_DATASET',
        `${about} describes a set made with other settings.`,
        'Give another --out, or the settings of that set.',
      );
    writeFileSync(about, text);
    return success(folder);
  } catch (error) {
    return failed('NOT_WRITABLE', `${folder}: ${error instanceof Error ? error.message : String(error)}.`, 'Give another --out.');
  }
}
