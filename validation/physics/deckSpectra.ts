/** Spectra of the published decks, computed once per state of the synthesis' source. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cachePath, sharedFolder } from '../../cli/files/sharedFolder.ts';
import type { LineListName } from '../../cli/files/lineLists.ts';
import { defaultTables, readTables } from '../../cli/files/tablesFolder.ts';
import { sourceHash } from './sourceHash.ts';
import { ELEMENTS } from '../../src/domain/labels.ts';
import { success, type Result } from '../../src/domain/result.ts';
import { parseAtmosphere } from '../../src/synthesis/structure/decks.ts';
import { computeWithDerivatives } from '../../src/synthesis/derivatives/derivatives.ts';
import { AMU_CGS, K_CGS, K_EV, PI_E2_MC } from '../../src/synthesis/constants.ts';
import { atomicNumber, SYMBOLS } from '../../src/synthesis/tables/elements.ts';
import { speciesPopulations } from '../../src/synthesis/opacity/lineContext.ts';
import { vacuumToAir } from '../../src/spectra/airVacuum.ts';
import { angstrom } from '../../src/domain/units.ts';
import { composition } from '../../src/synthesis/structure/eos.ts';
import { readNpz, writeNpz } from '../../src/io/npz.ts';
import { computationGrid, computeSpectrum } from '../../src/synthesis/spectrum.ts';
import { prepareStar } from '../../src/synthesis/star.ts';
import type { PhysicsTables } from '../../src/synthesis/tables/tables.ts';

/** Å, vacuum, regular in ln λ: the sampling of the comparison. */
export const DECK_GRID = computationGrid(1.5);

/** Surface flux and its continuum on `DECK_GRID`, erg cm⁻² s⁻¹ Å⁻¹. */
export interface DeckSpectrum {
  readonly flux: Float64Array;
  readonly continuum: Float64Array;
}

/** Solar abundances changed as the deck's name says: `_m1.0` is [Fe/H] −1, `sun_dX` has X raised by 0.2 dex. */
export function deckMixture(name: string): Float64Array {
  const perH = composition(-Number(/_m(\d\.\d)/.exec(name)?.[1] ?? 0), new Map());
  const raised = /^sun_d(\w+)$/.exec(name)?.[1];
  if (raised !== undefined) perH[atomicNumber(raised)] = (perH[atomicNumber(raised)] ?? 0) * 10 ** 0.2;
  return perH;
}

/** Text of a deck of the reference folder. */
export const deckText = (name: string): string =>
  readFileSync(join(sharedFolder(), 'reference/atmospheres', `${name}.${name === 'sun_marcs' ? 'mod' : 'atm'}`), 'utf8');

const tables = new Map<LineListName, Result<PhysicsTables>>();
function tablesOf(lineFile: LineListName): Result<PhysicsTables> {
  let found = tables.get(lineFile);
  if (!found) {
    found = readTables(defaultTables(), lineFile);
    tables.set(lineFile, found);
  }
  return found;
}

/** The spectrum of a deck (v_mic 1 km/s), from `.cache/physics` when the source has not changed. */
export function deckSpectrum(name: string, lineFile: LineListName = 'merged'): Result<DeckSpectrum> {
  const path = cachePath('physics', sourceHash(), `${name}-${lineFile}.npz`);
  if (existsSync(path)) {
    const kept = readNpz(readFileSync(path));
    const [flux, continuum] = [kept.get('flux')?.data, kept.get('continuum')?.data];
    if (flux?.length === DECK_GRID.count && continuum) return success({ flux, continuum });
  }
  const atmosphere = parseAtmosphere(deckText(name));
  if (!atmosphere.ok) return atmosphere;
  const loaded = tablesOf(lineFile);
  if (!loaded.ok) return loaded;
  const star = prepareStar(loaded.value, atmosphere.value, deckMixture(name), 1, DECK_GRID);
  if (!star.ok) return star;
  const started = process.cpuUsage();
  const { flux, continuum } = computeSpectrum(loaded.value, star.value, DECK_GRID);
  const spent = process.cpuUsage(started);
  process.stderr.write(`${name} (${lineFile}) ${((spent.user + spent.system) / 1e6).toFixed(1)} s\n`);
  mkdirSync(dirname(path), { recursive: true });
  const shape = [DECK_GRID.count];
  writeFileSync(
    path,
    writeNpz({
      flux: { dtype: '<f4', shape, data: Float32Array.from(flux) },
      continuum: { dtype: '<f4', shape, data: Float32Array.from(continuum) },
    }),
  );
  return success({ flux, continuum });
}

/** ∂(normalised flux)/∂[X/H] per dex of a deck on `DECK_GRID`, at fixed structure, kept like the spectra. */
export function analyticDerivatives(name: string, symbols: readonly string[]): Result<readonly Float64Array[]> {
  const path = cachePath('physics', sourceHash(), `${name}-derivatives-${symbols.join('')}.npz`);
  if (existsSync(path)) {
    const keptArrays = readNpz(readFileSync(path));
    return success(symbols.map((symbol) => keptArrays.get(symbol)?.data ?? new Float64Array(0)));
  }
  const atmosphere = parseAtmosphere(deckText(name));
  if (!atmosphere.ok) return atmosphere;
  const loaded = tablesOf('merged');
  if (!loaded.ok) return loaded;
  const perH = deckMixture(name);
  const star = prepareStar(loaded.value, atmosphere.value, perH, 1, DECK_GRID);
  if (!star.ok) return star;
  const elements = [...ELEMENTS, 'Fe'];
  const computed = computeWithDerivatives(loaded.value, star.value, perH, 1, DECK_GRID, elements.map(atomicNumber), []);
  if (!computed.ok) return computed;
  const derivatives = symbols.map((symbol) => Float32Array.from(computed.value.elements[elements.indexOf(symbol)] ?? []));
  mkdirSync(dirname(path), { recursive: true });
  const shape = [DECK_GRID.count];
  writeFileSync(
    path,
    writeNpz(
      Object.fromEntries(
        symbols.map((symbol, i) => [symbol, { dtype: '<f4' as const, shape, data: derivatives[i] ?? new Float32Array(0) }]),
      ),
    ),
  );
  return success(derivatives.map((values) => Float64Array.from(values)));
}

/** A line of the merged list with its central depth in the Sun, were it alone and weak-to-saturated as 1 − exp(−ratio): enough to rank neighbours. */
export interface RankedLine {
  readonly wavelength: number;
  readonly air: number;
  readonly species: string;
  readonly excitation: number;
  readonly gf: number;
  readonly depth: number;
}

/** Lines of the merged list in the deck `sun`, ranked where the gas is at ~5000 K. Throws when the tables cannot be read: `deckSpectrum` has done so before. */
export function lineStrengths(): readonly RankedLine[] {
  const loaded = tablesOf('merged');
  const atmosphere = parseAtmosphere(deckText('sun'));
  if (!loaded.ok || !atmosphere.ok) throw new Error('tables or deck unreadable');
  const prepared = prepareStar(loaded.value, atmosphere.value, deckMixture('sun'), 1, DECK_GRID);
  if (!prepared.ok) throw new Error(prepared.failure.message);
  const { populations, field } = prepared.value;
  const { lines } = loaded.value;
  const layer = populations.temperature.findIndex((t) => t >= 5000);
  const t = populations.temperature[layer] ?? NaN;
  const population = speciesPopulations(lines.species, populations);
  const first = field.wavelength[0] ?? 0;
  const step = (field.wavelength[1] ?? 1) - first;
  return Array.from({ length: lines.count }, (_, i) => {
    const s = lines.speciesIndex[i] ?? 0;
    const species = lines.species[s];
    const wavelength = lines.wavelength[i] ?? NaN;
    const k = Math.min(Math.max(Math.round((wavelength - first) / step), 0), field.wavelength.length - 1);
    const width = Math.sqrt((2 * K_CGS * t) / ((species?.mass ?? 1) * AMU_CGS) + 1e10) / (wavelength * 1e-8);
    const opacity =
      (PI_E2_MC *
        (lines.gf[i] ?? 0) *
        (population[s * populations.layers + layer] ?? 0) *
        Math.exp(-(lines.excitation[i] ?? 0) / (K_EV * t))) /
      (Math.sqrt(Math.PI) * width);
    const ratio = opacity / (field.total[layer * field.wavelength.length + k] ?? NaN);
    return {
      wavelength,
      air: vacuumToAir(angstrom(wavelength)),
      species: speciesName(species?.name ?? '?'),
      excitation: lines.excitation[i] ?? NaN,
      gf: lines.gf[i] ?? NaN,
      depth: 1 - Math.exp(-0.3 * ratio),
    };
  });
}

/** `26.1` → Fe II; molecules keep their names. */
function speciesName(name: string): string {
  const [z, stage] = name.split('.');
  return stage === undefined ? name : `${SYMBOLS[Number(z)] ?? '?'} ${['I', 'II', 'III'][Number(stage)] ?? '?'}`;
}
