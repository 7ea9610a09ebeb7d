import { isActive } from '../../state/fitRun.ts';
import { changedSinceFit, ownChanges } from '../../state/ownSettings.ts';
import common from '../common/common.module.css';
import { useSelected, useSession } from '../session.tsx';
import style from './fit.module.css';

/** What of the selected spectrum is set otherwise than for any new one, with a way back, and whether the fit on show knows of it. */
export function OwnSettings() {
  const session = useSession();
  const entry = useSelected();
  if (entry === null) return null;
  const [own, stale] = [ownChanges(entry), changedSinceFit(entry)];
  return (
    <>
      {own.length > 0 && (
        <p className={style.own}>
          <span>
            Set for this spectrum: <b>{own.join(', ')}</b>
          </span>
          <button
            type="button"
            className={`${common.button ?? ''} ${common.small ?? ''}`}
            disabled={isActive(entry.run) || entry.elsewhere === true}
            aria-label="Reset what is set for this spectrum"
            onClick={session.resetOwn}
          >
            Reset
          </button>
        </p>
      )}
      {stale.length > 0 && (
        <p role="status" className={style.status}>
          The fit on show was made with {stale.join(' and ')} of before: press Fit.
        </p>
      )}
    </>
  );
}
