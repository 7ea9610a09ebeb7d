import { useMemo } from 'react';
import type { CalibratedLabels, ShownResult } from '../../domain/fit.ts';
import { verdictOf } from '../../results/verdict.ts';
import style from './results.module.css';

/** The fit in one sentence, above its numbers. */
export function VerdictLine({ result, calibrated }: { readonly result: ShownResult; readonly calibrated: CalibratedLabels }) {
  const { state, text } = useMemo(() => verdictOf(result, calibrated), [result, calibrated]);
  return (
    <p className={style.verdict} data-state={state} aria-label="Verdict">
      {text.charAt(0).toUpperCase() + text.slice(1)}
    </p>
  );
}
