import type { Entry } from '../../state/entries.ts';
import { repeatCommand } from '../../state/repeatCommand.ts';
import common from '../common/common.module.css';
import { copyCommand } from '../export/copyCommand.ts';
import { useSession, useSessionState } from '../session.tsx';
import style from './results.module.css';

/** The line of the terminal that repeats this fit, to be read and copied; or why there is none. */
export function CommandLine({ entry }: { readonly entry: Entry }) {
  const session = useSession();
  const engine = useSessionState((state) => state.engine);
  const models = useSessionState((state) => state.models);
  const calibrations = useSessionState((state) => state.calibrations);
  const openedCalibrations = useSessionState((state) => state.openedCalibrations);
  const command = repeatCommand(entry, { engine, models, calibrations, openedCalibrations });
  if (!command.ok) return <p className={common.note}>{command.failure.message}</p>;
  return (
    <div className={style.command} role="group" aria-label="In the terminal">
      <code tabIndex={0}>{command.value}</code>
      <button
        type="button"
        className={`${common.button ?? ''} ${common.small ?? ''}`}
        onClick={() => {
          copyCommand(session, entry);
        }}
      >
        Copy as command
      </button>
    </div>
  );
}
