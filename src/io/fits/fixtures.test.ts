import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../testing/shared.ts';
import { gunzip, looksGzipped } from '../gunzip.ts';
import { readAsciiColumn } from './asciiTable.ts';
import type { ColumnValues } from './cells.ts';
import { readImage, type FitsImage } from './image.ts';
import { openFits, type FitsFile, type Hdu } from './openFits.ts';
import { readColumn } from './table.ts';
import { readTiledImage } from './tiledImage.ts';

/** Files written by astropy, and what is in them: `expected.json` is keyed by file, then by what is to be compared. */
describeWithShared('FITS files of an independent writer', (shared) => {
  const folder = join(shared, 'spectra/fits-fixtures');
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, Record<string, unknown>>;
  const files = { ...expected };
  for (const suffix of ['.gz', '.multimember.fits.gz']) {
    const name = suffix === '.gz' ? 'bintable_sdss_like.fits.gz' : 'bintable_sdss_like.multimember.fits.gz';
    files[name] = expected['bintable_sdss_like.fits'] ?? {};
  }

  it.each(Object.entries(files))('%s', (name, truths) => {
    const file = open(join(folder, name));
    expect(Object.keys(truths).length).toBeGreaterThan(0);
    for (const [key, truth] of Object.entries(truths)) expect(found(file, key, truth), key).toEqual(truth);
  });
});

function open(path: string): FitsFile {
  const bytes = new Uint8Array(readFileSync(path));
  const plain = looksGzipped(bytes) ? gunzip(bytes) : { ok: true as const, value: bytes };
  if (!plain.ok) throw new Error(plain.failure.message);
  const file = openFits(plain.value);
  if (!file.ok) throw new Error(file.failure.message);
  expect(file.warnings).toEqual([]);
  return file.value;
}

/** What our reader finds for one entry of expected.json, in the truth's own shape and length. */
function found(file: FitsFile, key: string, truth: unknown): unknown {
  const primary = file.hdus[0];
  const last = file.hdus.at(-1);
  if (!primary || !last) throw new Error('no HDU');
  const header = primary.header.get(key);
  if (header !== undefined) return header;
  if (key === 'rows') return last.header.number('NAXIS2');
  if (last.kind === 'table') return columnAs(last, key, truth);
  if (last.kind === 'ascii-table') {
    const column = readAsciiColumn(last, key);
    if (!column.ok) throw new Error(column.failure.message);
    return plain(column.value.values).slice(0, lengthOf(truth));
  }
  const image = last.kind === 'tiled-image' ? readTiledImage(last) : readImage(last);
  if (!image.ok) throw new Error(image.failure.message);
  return imageAs(image.value, key, truth);
}

function imageAs(image: FitsImage, key: string, truth: unknown): unknown {
  if (key === 'shape') return image.shape;
  const width = image.shape.at(-1) ?? 0;
  const window = /^row(\d+)(?:_(\d+)to(\d+))?$/.exec(key);
  const start = window ? Number(window[1]) * width + Number(window[2] ?? 0) : 0;
  return numbers(image.data.subarray(start, start + lengthOf(truth)));
}

function columnAs(hdu: Hdu, key: string, truth: unknown): unknown {
  const column = readColumn(hdu, key === 'bits0' ? 'bits' : key);
  if (!column.ok) throw new Error(column.failure.message);
  const { values, shape } = column.value;
  if (values.kind === 'arrays') return values.values.map(plain);
  const flat = plain(values);
  const nested = Array.isArray(truth) && Array.isArray(truth[0]);
  if (!nested) return flat.slice(0, lengthOf(truth));
  const width = shape.at(-1) ?? 1;
  return Array.from({ length: lengthOf(truth) }, (_, i) => flat.slice(i * width, (i + 1) * width));
}

function plain(values: ColumnValues): unknown[] {
  switch (values.kind) {
    case 'numbers':
      return numbers(values.values);
    case 'integers64':
      return values.values.map(String);
    case 'booleans':
    case 'strings':
      return [...values.values];
    default:
      throw new Error(values.kind);
  }
}

const numbers = (values: ArrayLike<number>): (number | null)[] => Array.from(values, (v) => (Number.isNaN(v) ? null : v));
const lengthOf = (truth: unknown): number => (Array.isArray(truth) ? truth.length : 1);
