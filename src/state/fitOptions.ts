/** From what a person set to the options of a fit. */
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { FitOptions } from '../domain/fit.ts';
import type { GivenLabels, MaskedRegion } from '../domain/fitOptions.ts';
import { isElement } from '../domain/labels.ts';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import type { FitSettings } from './settings.ts';

/** What a person set for one spectrum. */
export interface OwnSettings {
  /** What its fit leaves out. */
  readonly stretches: readonly MaskedRegion[];
  readonly given: GivenLabels;
}

/** The options of the fit of a spectrum with settings of its own; a prior σ that was set goes to every element of the model. */
export function fitOptions(settings: FitSettings, info: EmulatorInfo, own: Partial<OwnSettings> = {}): FitOptions {
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
    ...(own.given === undefined || Object.keys(own.given).length === 0 ? {} : { priors: own.given }),
    maskedRegions: own.stretches ?? [],
    maskDiffuseBands: settings.maskDiffuseBands,
  };
}
