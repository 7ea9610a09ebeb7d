import { earlierOf, fitTitle } from '../../state/earlierFits.ts';
import { isActive, type FinishedFit } from '../../state/fitRun.ts';
import { sampleOf } from '../../state/entries.ts';
import common from '../common/common.module.css';
import { useSelected, useSession, useSessionState } from '../session.tsx';
import style from './results.module.css';

/** The fits of the selected star, of which one is shown, and what it is compared with: one of them, or another star. */
export function FitChoice() {
  const session = useSession();
  const entry = useSelected();
  const entries = useSessionState((state) => state.entries);
  const compared = useSessionState((state) => state.compared);
  if (entry?.run.kind !== 'done') return null;
  const { run } = entry;
  const earlier = earlierOf(entry);
  const stars = sampleOf(entries).filter((other) => other.key !== entry.key && other.run.kind === 'done' && !isActive(other.run));
  if (earlier.length === 0 && stars.length === 0) return null;
  const chip = (fit: FinishedFit, index: number | null) => (
    <li key={index ?? 'shown'}>
      <button
        type="button"
        className={`${common.button ?? ''} ${common.small ?? ''}`}
        aria-pressed={index === null}
        onClick={() => {
          if (index !== null) session.showFit(index);
        }}
      >
        {fitTitle(fit)}
      </button>
    </li>
  );
  return (
    <div className={style.fits}>
      {earlier.length > 0 && <ul aria-label="Fits of this star">{[chip(run, null), ...earlier.map(chip)]}</ul>}
      <label>
        Compare with{' '}
        <select
          className={common.select}
          value={compared === null ? '' : compared.kind === 'fit' ? `fit ${String(compared.index)}` : `star ${compared.key}`}
          onChange={(event) => {
            const { value } = event.target;
            const rest = value.slice(value.indexOf(' ') + 1);
            session.compareWith(
              value === '' ? null : value.startsWith('fit ') ? { kind: 'fit', index: Number(rest) } : { kind: 'star', key: rest },
            );
          }}
        >
          <option value="">nothing</option>
          {earlier.length > 0 && (
            <optgroup label="Fits of this star">
              {earlier.map((fit, index) => (
                <option key={index} value={`fit ${String(index)}`}>
                  {fitTitle(fit)}
                </option>
              ))}
            </optgroup>
          )}
          {stars.length > 0 && (
            <optgroup label="Stars">
              {stars.map(({ key }) => (
                <option key={key} value={`star ${key}`}>
                  {key}
                </option>
              ))}
            </optgroup>
          )}
        </select>
      </label>
    </div>
  );
}
