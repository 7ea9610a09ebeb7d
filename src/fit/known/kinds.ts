/** Doubts from the light itself: bands, lines and a continuum that no star of the model's kind has. */
import type { FitAlert } from '../../domain/fit.ts';
import { ContinuumProfiler } from '../../spectra/continuum.ts';
import { carbon, helium, titaniumOxide, type Band } from './bands.ts';
import { coreExcess } from './cores.ts';
import type { Look } from './look.ts';

/** Mean depth (ln bright/dark) of a system of bands that is told, over that of the model; ordinary stars stay below half of it. */
const TIO_DEPTH = 0.05;
const CARBON_DEPTH = 0.08;
/** Error of the model and of the calibration of flux across one band's head. */
const BAND_FLOOR = 0.025;
/** Mean equivalent width (Å) of helium lines that is told. */
const HELIUM_WIDTH = 0.2;
/** Excess in the core of a line, as a share of the continuum, and in σ. */
const CORE_SHARE = 0.06;
const CORE_SIGMA = 4;
/** What is left out on each side of a line that shines, Å. */
const LINE_HALF = 10;
/** Rms of ln(continuum of the fit over a stiff one) that is told: more than extinction and the calibration of flux do. */
const SHAPE = 0.06;
/** Å left out of that at the ends, and about the joint of two arms. */
const END = 100;
const JOINT = 200;
/** Where the arms of LAMOST meet, and of most surveys near it; Å. */
const USUAL_JOINT = 5850;
/** Gain in χ² of the model's lines over none, per pixel and over the reduced χ², below which they explain nothing. */
const FEW_LINES = 0.12;
const COOL = 4300;

const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;

/** Weighted mean of depths with a floor on their errors; null where fewer than two heads are within reach. */
function together(bands: readonly Band[], floor: number): { depth: number; sigma: number } | null {
  if (bands.length < 2) return null;
  let [sum, weight] = [0, 0];
  for (const { depth, sigma } of bands) {
    const w = 1 / (sigma ** 2 + floor ** 2);
    sum += w * depth;
    weight += w;
  }
  return { depth: sum / weight, sigma: 1 / Math.sqrt(weight) };
}

const strongest = (bands: readonly Band[], least: number): string =>
  bands
    .filter(({ depth, sigma }) => depth > least && depth > 2 * sigma)
    .sort((a, b) => b.depth - a.depth)
    .slice(0, 4)
    .map(({ name, window: [from, to] }) => `${name} (${from.toFixed(0)}–${to.toFixed(0)} Å)`)
    .join(', ');

export function molecularBands(look: Look): FitAlert | null {
  const tio = titaniumOxide(look);
  const oxide = together(tio, BAND_FLOOR);
  if (
    oxide !== null &&
    oxide.depth > TIO_DEPTH &&
    oxide.depth > 3 * oxide.sigma &&
    tio.filter(({ depth }) => depth > 0.6 * TIO_DEPTH).length >= 2
  )
    return {
      code: 'MOLECULAR_BANDS',
      message: `Bands of titanium oxide, which the model lacks, take away ${percent(1 - Math.exp(-oxide.depth))} on average: ${strongest(tio, 0.6 * TIO_DEPTH)}.`,
      hint: 'An M star, or a companion of that kind: no label of an FGK model holds. A model with molecules, or the star’s colours, would tell its temperature.',
      spoilsLabels: true,
    };
  const swan = carbon(look);
  const c2 = together(swan, BAND_FLOOR);
  if (
    c2 !== null &&
    c2.depth > CARBON_DEPTH &&
    c2.depth > 3 * c2.sigma &&
    swan.filter(({ depth }) => depth > 0.5 * CARBON_DEPTH).length >= 2
  )
    return {
      code: 'MOLECULAR_BANDS',
      message: `Bands of C2 are deeper than in the model by ${percent(1 - Math.exp(-c2.depth))} on average: ${strongest(swan, 0.5 * CARBON_DEPTH)}.`,
      hint: 'A carbon star, beyond the carbon that the model was trained for: its bands lie over every other line. A grid for carbon stars would be needed.',
      spoilsLabels: true,
    };
  return null;
}

export function heliumLines(look: Look): FitAlert | null {
  // He I 5877 is left out: sodium of the sky and of the gas stand beside it.
  const lines = helium(look).filter(({ name }) => !name.endsWith('5877'));
  const all = together(lines, 0.12);
  const seen = lines.filter(({ depth, sigma }) => depth > HELIUM_WIDTH && depth > 4 * sigma);
  if (all === null || !(all.depth > HELIUM_WIDTH && all.depth > 4 * all.sigma && seen.length >= 2)) return null;
  return {
    code: 'HELIUM_LINES',
    message: `Lines of helium stand in the spectrum: ${seen.map(({ name, depth }) => `${name} Å (${depth.toFixed(1)} Å)`).join(', ')}.`,
    hint: 'A star hotter than about 11 000 K, a white dwarf, or a companion of that kind: no label of an FGK model holds.',
    spoilsLabels: true,
  };
}

export function emission(look: Look): FitAlert | null {
  const seen = coreExcess(look).filter(({ share, inSigma }) => share > CORE_SHARE && inSigma > CORE_SIGMA);
  const balmer = seen.filter(({ name }) => /^H[αβ]/.test(name));
  const forbidden = seen.filter(({ name }) => name.startsWith('['));
  if (balmer.length === 0 && forbidden.length < 2) return null;
  const told = [...balmer, ...forbidden, ...seen.filter((core) => !balmer.includes(core) && !forbidden.includes(core))];
  return {
    code: 'EMISSION',
    message: `The flux stands above the model in the cores of ${told.map(({ name, wavelength, share }) => `${name} (${wavelength.toFixed(0)} Å, ${percent(share)} of the continuum)`).join(', ')}.`,
    hint:
      forbidden.length > 0
        ? `Gas shines here, of a nebula or a galaxy. Mask these lines (±${String(LINE_HALF)} Å) and fit again; what T_eff then says is free of them.`
        : `An active chromosphere, matter that falls in or flows out, or a nebula fills the lines of hydrogen, which T_eff and log g rest on. Mask ±${String(LINE_HALF)} Å about them and fit again.`,
    spoilsLabels: balmer.length > 0,
    where: told.map(({ wavelength }) => [wavelength - LINE_HALF, wavelength + LINE_HALF] as const).sort((a, b) => a[0] - b[0]),
  };
}

export function continuumShape({ objective, wavelength, continuum, stiff, spectrum }: Look): FitAlert | null {
  const { data } = objective.first;
  const used = [...data.weight.keys()].filter((p) => (data.weight[p] ?? 0) > 0);
  const at = (p: number | undefined): number => (p === undefined ? NaN : (wavelength[p] ?? NaN));
  const [from, to] = [at(used[0]) + END, at(used.at(-1)) - END];
  const joints = spectrum.arms ?? [USUAL_JOINT];
  const inside = used.filter((p) => at(p) > from && at(p) < to && joints.every((joint) => Math.abs(at(p) - joint) > JOINT));
  if (inside.length < 300) return null;
  const bend = (p: number): number => Math.log(Math.max(1e-3, continuum[p] ?? NaN) / Math.max(1e-3, stiff[p] ?? NaN));
  const rms = Math.sqrt(inside.reduce((sum, p) => sum + bend(p) ** 2, 0) / inside.length);
  if (!(rms > SHAPE)) return null;
  const worst = inside.reduce((best, p) => (Math.abs(bend(p)) > Math.abs(bend(best)) ? p : best), inside[0] ?? 0);
  return {
    code: 'CONTINUUM_SHAPE',
    message: `The continuum had to bend by ${percent(rms)} (rms) to follow the flux, most near ${at(worst).toFixed(0)} Å (${percent(bend(worst))}): it stands for bands or broad lines that the model lacks.`,
    hint: 'Look at the continuum over the spectrum: bands of a cool star, broad lines of a white dwarf or quasar, or a calibration of flux that failed. Fits with wider spacing of knots show what is hidden.',
    spoilsLabels: true,
  };
}

export function fewLines({ objective, wavelength, at, spectrum }: Look): FitAlert | null {
  const { data, used } = objective.first;
  if (spectrum.snr < 10) return null;
  const none = new ContinuumProfiler(wavelength, data.flux, data.surveyWeight, data.knotSpacing).profiledChi2(
    new Float64Array(data.flux.length).fill(1),
  );
  const model = objective.first.surveyChi2(at.parts[0]);
  const gain = (none - model) / Math.max(1e-9, model);
  if (!(gain < FEW_LINES)) return null;
  return {
    code: 'FEW_LINES',
    message: `A continuum without a line describes the spectrum as well as the model does (χ² per pixel ${(none / used).toFixed(2)} and ${(model / used).toFixed(2)}).`,
    hint: 'A white dwarf, a quasar, or a hot star: the lines that are there are not those of the model.',
    spoilsLabels: true,
  };
}

export function coolStar({ labels }: Look): FitAlert | null {
  const value = (name: string): number => labels.find((label) => label.name === name)?.value ?? NaN;
  const teff = value('teff');
  if (!(teff < COOL)) return null;
  return {
    code: 'COOL_STAR',
    message: `T_eff is ${teff.toFixed(0)} K: below ${String(COOL)} K the model lacks the bands of TiO, VO and CaH that shape such spectra.`,
    hint: 'Take the labels as rough, for dwarfs above all. A model with these molecules is needed to go lower.',
    spoilsLabels: value('logg') > 3.8,
  };
}
