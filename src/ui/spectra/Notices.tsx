import { useSession, useSessionState } from '../session.tsx';
import style from './spectra.module.css';

/** What went wrong, with what to do; each stays until it is dismissed. */
export function Notices() {
  const session = useSession();
  const notices = useSessionState((state) => state.notices);
  return (
    <div role="log" aria-label="Problems" aria-live="polite" className={style.notices}>
      {notices.map(({ key, about, failure }) => (
        <div key={key} role="alert" className={style.notice}>
          <p>
            <b>{about}</b> <span className={style.code}>{failure.code}</span>
          </p>
          <p>{failure.message}</p>
          {failure.hint !== undefined && <p className={style.advice}>{failure.hint}</p>}
          <button
            type="button"
            className={style.remove}
            aria-label={`Dismiss the problem with ${about}`}
            onClick={() => {
              session.dismiss(key);
            }}
          >
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
