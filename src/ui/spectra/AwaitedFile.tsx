import common from '../common/common.module.css';
import { useSession, useSessionState } from '../session.tsx';
import style from './spectra.module.css';

/** Asks for the file that a link is of. */
export function AwaitedFile({ onChoose }: { readonly onChoose: () => void }) {
  const session = useSession();
  const file = useSessionState((state) => state.awaited);
  return (
    <div role="status">
      {file !== null && (
        <p className={style.prompt}>
          This view is of <b>{file}</b>: drop it here.{' '}
          <button type="button" className={`${common.button ?? ''} ${common.small ?? ''}`} onClick={onChoose}>
            Choose it…
          </button>{' '}
          <button type="button" className={`${common.button ?? ''} ${common.small ?? ''}`} onClick={session.forgetAwaited}>
            Never mind
          </button>
        </p>
      )}
    </div>
  );
}
