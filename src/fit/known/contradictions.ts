/** Doubts from parts that contradict one another: arms, widths, two stars in one, and what the survey's own pipeline says. */
import type { FitAlert } from '../../domain/fit.ts';
import { SPEED_OF_LIGHT_KMS } from '../../domain/units.ts';
import { resolvingPowerAt } from '../../spectra/resolvingPower.ts';
import { twoStars } from './doubleLines.ts';
import type { Look } from './look.ts';
import { armsOf } from './arms.ts';
import { labelsOf, velocityOf } from './parts.ts';

/** χ² by which a part's velocity beats those far from it, for it to count. */
const CONTRAST = 60;
/** σ beyond which a difference between parts is more than chance. */
const SIGMAS = 4;
/** Velocities of parts that differ by this much are not of one star that the model knows, km/s. */
const FAR = 60;
/** Difference of T_eff between parts that is told, K; ordinary stars of LAMOST and MILES stay below 320 K and 3.4 σ. */
const TEFF_APART = 450;
/** Width of the lines over the stated one. */
const BROADER = 1.3;
const MUCH_BROADER = 2;
/** Gain of two stars over one, in χ² over the reduced χ², and as a share of what the lines explain. */
const TWO_GAIN = 60;
const TWO_SHARE = 0.003;
/** Least distance of their velocities, km/s. */
const TWO_APART = 120;
const PIPELINE_KMS = 60;

/** Velocities of the arms, where their lines tell them: km/s in the spectrum's frame. */
export function armVelocities(look: Look): { readonly name: string; readonly value: number; readonly sigma: number }[] {
  return armsOf(look).flatMap((part) => {
    const found = velocityOf(look, part);
    return found === null || !(found.contrast > CONTRAST)
      ? []
      : [{ name: part.name, value: look.rv.value + found.offset, sigma: found.sigma }];
  });
}

/** The two arms whose velocities differ most; null where none differ by more than three σ of the prior on such a difference. */
export function armsApart(look: Look): { readonly difference: number; readonly alert: FitAlert } | null {
  const velocities = armVelocities(look).sort((a, b) => a.value - b.value);
  const [low, high] = [velocities[0], velocities.at(-1)];
  if (low === undefined || high === undefined || low === high) return null;
  const difference = high.value - low.value;
  const limit = 3 * Math.SQRT2 * look.objective.first.data.nuisances.warpSigma;
  if (!(difference > limit && difference > SIGMAS * Math.hypot(low.sigma, high.sigma))) return null;
  const each = velocities.map(({ name, value, sigma }) => `${name}: ${value.toFixed(0)} ± ${sigma.toFixed(1)} km/s`).join('; ');
  return {
    difference,
    alert: {
      code: 'ARMS_DISAGREE',
      message: `The parts of the spectrum differ in velocity by ${difference.toFixed(0)} km/s (${each}).`,
      hint: 'The wavelengths of one arm are off, or this is no single star that the model knows. The error of the velocity covers both; fit one arm alone to see which holds.',
      spoilsLabels: difference > FAR,
    },
  };
}

export function partsApart(look: Look): FitAlert | null {
  const parts = armsOf(look).flatMap((part) => {
    const teff = labelsOf(look, part)?.change.teff;
    return teff === undefined ? [] : [{ name: part.name, ...teff }];
  });
  const sorted = parts.sort((a, b) => a.value - b.value);
  const [cool, warm] = [sorted[0], sorted.at(-1)];
  if (cool === undefined || warm === undefined) return null;
  const difference = warm.value - cool.value;
  if (!(difference > TEFF_APART && difference > SIGMAS * Math.hypot(cool.sigma, warm.sigma))) return null;
  const all = look.labels.find(({ name }) => name === 'teff')?.value ?? NaN;
  return {
    code: 'PARTS_DISAGREE',
    message: `Asked alone, ${warm.name} want ${(all + warm.value).toFixed(0)} ± ${warm.sigma.toFixed(0)} K, ${cool.name} ${(all + cool.value).toFixed(0)} ± ${cool.sigma.toFixed(0)} K.`,
    hint: 'Two stars of different temperature in one spectrum, or a star of another kind: fit the two ranges apart and compare.',
    spoilsLabels: true,
  };
}

export function broadLines(look: Look): FitAlert | null {
  const { spectrum, resolvingPower } = look;
  const stated = resolvingPowerAt(spectrum.lsf, 5500);
  const ratio = stated / resolvingPower;
  if (!(ratio > BROADER)) return null;
  const width = SPEED_OF_LIGHT_KMS * Math.sqrt(1 / resolvingPower ** 2 - 1 / stated ** 2);
  return {
    code: 'BROAD_LINES',
    message: `The lines are ${ratio.toFixed(1)} times as broad as the stated resolving power of ${stated.toFixed(0)}, as if blurred by ${width.toFixed(0)} km/s (FWHM).`,
    hint: `Fast rotation (v sin i of about ${(width / 1.5).toFixed(0)} km/s), two stars whose lines run into each other, a galaxy, or a file that does not state its resolving power (about ${resolvingPower.toFixed(0)} would fit). Visits at other times tell a binary.`,
    spoilsLabels: ratio > MUCH_BROADER,
  };
}

export function doubleLines(look: Look): FitAlert | null {
  const two = twoStars(look);
  if (two === null) return null;
  const [a, b] = two.velocities;
  if (!(two.gain > TWO_GAIN && two.share > TWO_SHARE && Math.abs(a - b) >= TWO_APART)) return null;
  return {
    code: 'TWO_STARS',
    message: `Two sets of lines, at ${(look.rv.value + a).toFixed(0)} and ${(look.rv.value + b).toFixed(0)} km/s (the weaker ${(100 * two.ratio).toFixed(0)} % of the stronger), describe the spectrum better than one.`,
    hint: 'A binary, or two stars in one fibre: the labels are a mixture and the velocity is between the two. Visits at other times tell.',
    spoilsLabels: true,
  };
}

/** What pipelines call objects that no FGK model knows. */
const OTHER_CLASS =
  /GALAXY|QSO|QUASAR|\bAGN|\bWD|WHITE ?DWARF|CARBON|\bC\d|\bCV\b|DOUBLE|BINARY|\b(?:d|sd|esd|usd)?M(?:\d|\b)|\b[OBLT]\d|\bOB\b|\bA[0-4]/i;

export function pipelineSays({ spectrum, rv }: Pick<Look, 'spectrum' | 'rv'>): FitAlert | null {
  const { pipelineClass, pipelineVelocity } = spectrum.survey;
  const other = pipelineClass !== undefined && OTHER_CLASS.test(pipelineClass);
  const away = pipelineVelocity !== undefined && Math.abs(pipelineVelocity - rv.value) > Math.max(PIPELINE_KMS, 5 * rv.sigma);
  if (!other && !away) return null;
  const said = [
    ...(other ? [`takes it for ${pipelineClass}`] : []),
    ...(away ? [`gives ${pipelineVelocity.toFixed(0)} km/s, where the fit finds ${rv.value.toFixed(0)} ± ${rv.sigma.toFixed(1)}`] : []),
  ];
  return {
    code: 'PIPELINE_DISAGREES',
    message: `The survey's own pipeline ${said.join(', and ')}.`,
    hint: 'If the pipeline is right, the model does not know this object. Look at the residuals of the strongest lines.',
    spoilsLabels: other,
  };
}
