/** The tables of the model's error: what was measured, and what each part of it does to labels. */
import type { Nature } from '../../src/domain/nature.ts';
import { isElement, labelTitle, labelUnit } from '../../src/domain/labels.ts';
import { median, robustSigma } from '../../src/math/statistics.ts';
import { fixed, markdownTable } from '../../cli/files/markdownTable.ts';
import { isMeasured } from '../real/realStars.ts';
import { COMPARED, literatureErrors, literatureOf, type Compared } from './literature.ts';
import type { NatureFit } from './record.ts';
import type { DevelopmentStar } from './stars.ts';
import { VARIANT_TITLE, VARIANTS, type Variant } from './variants.ts';

const TARGET = [0.8, 1.2] as const;

interface Pair {
  readonly difference: number;
  readonly sigma: number;
  /** σ of the literature. */
  readonly theirs: number;
}

/** Ours − literature of one label, where both have it. */
function pairs(stars: readonly DevelopmentStar[], fits: ReadonlyMap<string, NatureFit>, label: Compared): Pair[] {
  const errors = literatureErrors(stars.map(({ literature }) => literature));
  return stars.flatMap(({ name, literature }) => {
    const fit = fits.get(name);
    const ours = isElement(label) ? fit?.abundances[label] : fit?.labels[label];
    const flag = fit?.labels[label]?.flag ?? '';
    const theirs = literatureOf(literature, label);
    if (
      ours?.value == null ||
      ours.sigma === null ||
      !Number.isFinite(theirs) ||
      fit?.spoilt === true ||
      !(isMeasured(flag) || flag === 'model-dominated')
    )
      return [];
    return [{ difference: ours.value - theirs, sigma: ours.sigma, theirs: errors(label, literature) }];
  });
}

export interface Width {
  readonly stars: number;
  readonly zero: number;
  readonly scatter: number;
  readonly sigma: number;
  readonly theirs: number;
  readonly width: number;
}

/** Robust, about the median difference. */
export function widthOf(list: readonly Pair[]): Width {
  const zero = median(list.map(({ difference }) => difference));
  return {
    stars: list.length,
    zero,
    scatter: robustSigma(list.map(({ difference }) => difference)),
    sigma: median(list.map(({ sigma }) => sigma)),
    theirs: median(list.map(({ theirs }) => theirs)),
    width: robustSigma(
      list.map(({ difference, sigma, theirs }) => (difference - zero) / Math.hypot(sigma, theirs)),
      0,
    ),
  };
}

const title = (label: string): string => (isElement(label) ? `[${label}/H]` : `${labelTitle(label)}${label === 'teff' ? ' (K)' : ''}`);
const digitsOf = (label: string): number => (labelUnit(label) === 'K' ? 0 : label === 'logg' ? 2 : 3);

/** Bias, scatter and width by variant. */
export function comparison(stars: readonly DevelopmentStar[], fits: ReadonlyMap<Variant, ReadonlyMap<string, NatureFit>>): string {
  const shown = VARIANTS.filter((variant) => (fits.get(variant)?.size ?? 0) > 0);
  const rows = COMPARED.flatMap((label) =>
    shown.map((variant) => {
      const { stars: count, zero, scatter, sigma, theirs, width } = widthOf(pairs(stars, fits.get(variant) ?? new Map(), label));
      const digits = digitsOf(label);
      const verdict = width >= TARGET[0] && width <= TARGET[1] ? 'hit' : 'miss';
      return [
        title(label),
        VARIANT_TITLE[variant],
        String(count),
        ...[zero, scatter, sigma, theirs].map((value) => fixed(value, digits)),
        `${fixed(width, 2)} ± ${fixed((1.1664 * width) / Math.sqrt(Math.max(1, count)), 2)}`,
        verdict,
      ];
    }),
  );
  const seconds = shown.map((variant) => {
    const times = [...(fits.get(variant)?.values() ?? [])].map((fit) => fit.seconds);
    const chi2 = [...(fits.get(variant)?.values() ?? [])].map((fit) => fit.chi2Reduced ?? NaN);
    return [VARIANT_TITLE[variant], fixed(median(chi2), 2), fixed(median(times), 2)];
  });
  return [
    markdownTable(['label', 'noise model', 'stars', 'zero point', 'scatter', 'median σ', 'σ literature', 'width', 'target'], rows),
    '',
    markdownTable(['noise model', 'median χ²/ν', 'seconds a fit'], seconds),
  ].join('\n');
}

/** What was measured. */
export function description(nature: Nature): string {
  const { law, nodes } = nature;
  const percent = (value: number): string => fixed(100 * value, 2);
  const typical = (factor: Float32Array, share: number): string => {
    const sorted = [...factor].sort((a, b) => a - b);
    return fixed(sorted[Math.floor(share * (sorted.length - 1))] ?? NaN, 2);
  };
  return [
    `Stars: ${Object.entries(nature.stars)
      .map(([source, count]) => `${String(count)} of ${source}`)
      .join(
        ', ',
      )}. An error of one pixel is shared over ${fixed(nature.correlation, 0)} km/s at a resolving power of ${String(nature.resolvingPower)}.`,
    '',
    markdownTable(
      ['Å', 'where there are no lines (%)', 'in a line that takes all light (%)'],
      law.wavelength.map((wavelength, i) => [
        fixed(wavelength, 0),
        percent(law.constant[i] ?? NaN),
        percent(Math.hypot(law.constant[i] ?? NaN, law.depth[i] ?? NaN)),
      ]),
    ),
    '',
    markdownTable(
      ['T_eff', 'log g', '[Fe/H]', 'stars', 'factor of pixels: lower quartile', 'median', 'upper quartile', 'amplitudes of shapes (%)'],
      nodes.map(({ teff, logg, feh, stars, factor, amplitudes }) => [
        ...[fixed(teff, 0), fixed(logg, 1), fixed(feh, 1), fixed(stars, 0)],
        ...[0.25, 0.5, 0.75].map((share) => typical(factor, share)),
        amplitudes.map(percent).join(', '),
      ]),
    ),
  ].join('\n');
}
