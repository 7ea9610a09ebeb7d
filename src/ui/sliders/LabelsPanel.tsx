import { useMemo } from 'react';
import { outsideRange, outsideRangeText } from '../../domain/labelRange.ts';
import { brokenConditions, conditionText } from '../../domain/region.ts';
import type { Entry } from '../../state/entries.ts';
import { isActive } from '../../state/fitRun.ts';
import { shownLabels } from '../../state/shownLabels.ts';
import common from '../common/common.module.css';
import { useEngine, useSelected, useSession, useSessionState } from '../session.tsx';
import { KnownStars } from './KnownStars.tsx';
import { LabelRow } from './LabelRow.tsx';
import style from './sliders.module.css';

/** A slider and a number for every label of the model; each change draws the model again over the data. */
export function LabelsPanel() {
  const session = useSession();
  const engine = useEngine();
  const entry = useSelected();
  const live = useSessionState((state) => state.live);
  const labels = useMemo(
    () => (engine === null ? null : live !== null && live.key === entry?.key ? live.labels : shownLabels(engine, entry)),
    [engine, entry, live],
  );
  const locked = entry === null || isActive(entry.run);
  const outside = useMemo(() => {
    if (engine === null || labels === null) return [];
    return [...outsideRange(engine.info, labels).map(outsideRangeText), ...brokenConditions(engine.info, labels).map(conditionText)];
  }, [engine, labels]);
  const undoable = useSessionState((state) => state.undoable);
  const moved = entry?.manual != null;
  return (
    <details className={style.panel} open>
      <summary className={style.summary}>
        <h2>Model labels</h2>
        <span className={common.note}>{origin(entry)}</span>
      </summary>
      <div className={style.actions}>
        <button
          type="button"
          className={`${common.button ?? ''} ${common.small ?? ''}`}
          disabled={locked || !moved}
          onClick={session.resetToFit}
        >
          {entry?.run.kind === 'done' ? 'Reset to fit' : 'Reset'}
        </button>
        <button type="button" className={`${common.button ?? ''} ${common.small ?? ''}`} disabled={locked} onClick={session.resetToSolar}>
          Solar
        </button>
        <button
          type="button"
          className={`${common.button ?? ''} ${common.small ?? ''}`}
          disabled={undoable === null}
          title={undoable === null ? 'Nothing to undo' : `Undo: ${undoable}`}
          onClick={session.undo}
        >
          Undo
        </button>
      </div>
      <KnownStars disabled={locked} />
      {outside.length > 0 && (
        <div role="status" aria-label="Labels outside the training range" className={style.outside}>
          <b>An extrapolation:</b>
          <ul>
            {outside.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </div>
      )}
      <div className={style.rows}>
        {engine?.info.labels.map((label, i) => (
          <LabelRow key={label.name} label={label} index={i} value={labels?.[i] ?? label.centre} disabled={locked} />
        ))}
      </div>
    </details>
  );
}

/** Where the values on show come from. */
function origin(entry: Entry | null): string {
  if (entry?.run.kind === 'running') return 'best so far';
  if (entry?.manual != null) return 'set by hand';
  return entry?.run.kind === 'done' ? 'the fit' : 'solar';
}
