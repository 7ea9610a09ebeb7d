/** From what a person set to the options of a fit. */
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { FitOptions } from '../domain/fit.ts';
import type { MaskedRegion } from '../domain/fitOptions.ts';
import { isElement } from '../domain/labels.ts';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import type { FitSettings } from './settings.ts';

/** The options of a fit that leaves out `stretches`; a prior σ that was set goes to every element of the model. */
export function fitOptions(settings: FitSettings, info: EmulatorInfo, stretches: readonly MaskedRegion[] = []): FitOptions {
  const elements = info.labels.filter(({ name }) => isElement(name));
  return {
    ...DEFAULT_FIT_OPTIONS,
    method: settings.method,
    seed: settings.seed,
    priorSigma:
      settings.priorSigma === null
        ? DEFAULT_FIT_OPTIONS.priorSigma
        : Object.fromEntries(elements.map(({ name }) => [name, settings.priorSigma])),
    range: [settings.rangeFrom, settings.rangeTo],
    knotSpacing: settings.knotSpacing,
    maskedRegions: stretches,
    maskDiffuseBands: settings.maskDiffuseBands,
  };
}
