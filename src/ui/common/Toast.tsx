import { useEffect } from 'react';
import { useSession, useSessionState } from '../session.tsx';
import style from './toast.module.css';
import common from './common.module.css';

const SHOWN_MS = 6000;

/** What was just done, with a way back, for a few seconds. */
export function Toast() {
  const session = useSession();
  const toast = useSessionState((state) => state.toast);
  const update = useSessionState((state) => state.update);
  useEffect(() => {
    if (toast === null) return;
    const timer = setTimeout(session.dismissToast, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [toast, session]);
  return (
    <div role="status" aria-live="polite" className={style.place}>
      {toast !== null && (
        <div className={style.toast}>
          {toast.text}
          {toast.canUndo && (
            <button type="button" className={`${common.button ?? ''} ${common.small ?? ''}`} onClick={session.undo}>
              Undo
            </button>
          )}
        </div>
      )}
      {update !== null && (
        <div className={style.toast}>
          A new version of this page is ready. Spectra and results stay.
          <button type="button" className={`${common.button ?? ''} ${common.small ?? ''}`} onClick={update}>
            Reload
          </button>
          <button type="button" className={`${common.button ?? ''} ${common.small ?? ''}`} onClick={session.declineUpdate}>
            Later
          </button>
        </div>
      )}
    </div>
  );
}
