/**
 * Is it a star that the model knows? One question, asked of every fit, and answered with reasons: each alert is one, says at which wavelengths it
 * rests on what, and what would help. No reason: it may be.
 */
import type { FitAlert } from '../../domain/fit.ts';
import { armsApart, broadLines, doubleLines, partsApart, pipelineSays } from './contradictions.ts';
import { continuumShape, coolStar, emission, fewLines, heliumLines, molecularBands } from './kinds.ts';
import type { Look } from './look.ts';
import { worstStretch } from './worstStretch.ts';

export interface Answer {
  readonly alerts: readonly FitAlert[];
  /** km/s by which parts of the spectrum differ in velocity, where that is more than the fit's corrections are for; else 0. */
  readonly apart: number;
}

export function askWhetherKnown(look: Look): Answer {
  const arms = armsApart(look);
  const bands = molecularBands(look);
  const alerts = [
    bands,
    // Between bands of TiO anything may look like a line.
    bands === null ? heliumLines(look) : null,
    emission(look),
    continuumShape(look),
    fewLines(look),
    doubleLines(look),
    partsApart(look),
    arms?.alert ?? null,
    broadLines(look),
    pipelineSays(look),
    coolStar(look),
  ];
  const told = alerts.filter((alert) => alert !== null);
  const worst = worstStretch(look, told);
  return { alerts: worst === null ? told : [...told, worst], apart: arms?.difference ?? 0 };
}
