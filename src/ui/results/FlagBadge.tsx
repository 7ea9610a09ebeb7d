import { worstFlag } from '../../domain/fit.ts';
import type { LabelFlag } from '../../domain/fit.ts';
import { Tip } from '../common/Tip.tsx';
import { FLAG_MEANING } from './flags.ts';
import style from './results.module.css';

const TONES: Readonly<Record<LabelFlag | 'ok', string | undefined>> = {
  ok: style.ok,
  unreliable: style.bad,
  'not-converged': style.bad,
  'out-of-range': style.bad,
  'at-bound': style.bad,
  'model-dominated': style.weak,
  'prior-dominated': style.weak,
  fixed: style.plain,
  given: style.plain,
  uncalibrated: style.plain,
  'solar-zero-point': style.plain,
};

/** The worst flag in a word; all of them, explained, on hover or focus. */
export function FlagBadge({ flags }: { readonly flags: readonly LabelFlag[] }) {
  const worst = worstFlag(flags);
  const text = (flags.length === 0 ? (['ok'] as const) : flags).map((flag) => `${flag}: ${FLAG_MEANING[flag]}`).join('\n');
  return (
    <Tip text={text} className={TONES[worst] ?? ''}>
      {worst}
      {flags.length > 1 && ` +${String(flags.length - 1)}`}
    </Tip>
  );
}
