import type { FitAlert } from '../../domain/fit.ts';
import { isActive } from '../../state/fitRun.ts';
import common from '../common/common.module.css';
import { useEngine, useSelected, useSession } from '../session.tsx';

/** Leaves out what a doubt points at, and fits again; undo takes the masks back. Nothing for a doubt that points nowhere. */
export function MaskAndFit({ alert: { where = [] } }: { readonly alert: FitAlert }) {
  const session = useSession();
  const entry = useSelected();
  const engine = useEngine();
  if (where.length === 0 || entry === null) return null;
  return (
    <>
      {' '}
      <button
        type="button"
        className={`${common.button ?? ''} ${common.small ?? ''}`}
        title={`Leaves out ${where.map(([from, to]) => `${from.toFixed(0)}–${to.toFixed(0)} Å`).join(', ')}`}
        disabled={engine === null || isActive(entry.run) || entry.elsewhere === true}
        onClick={() => {
          session.leaveOutAll(where, 'rest');
          session.fitSelected();
        }}
      >
        Mask and fit again
      </button>
    </>
  );
}
