import type { ModelOffer } from '../../domain/client.ts';
import { isActive } from '../../state/fitRun.ts';
import common from '../common/common.module.css';
import { useSession, useSessionState } from '../session.tsx';
import style from './topbar.module.css';

/** The choice between models, where there is one to make. Results that are there stay, and say which model made them. */
export function ModelSelect() {
  const session = useSession();
  const models = useSessionState((state) => state.models);
  const fitting = useSessionState(({ entries }) => entries.some(({ run }) => isActive(run)));
  const current = useSessionState(({ engine }) => {
    if (engine.kind === 'ready') return engine.engine.info.id;
    return engine.kind === 'loading' ? engine.model : null;
  });
  if (models.length < 2 || current === null) return null;
  return (
    <select
      aria-label="Model"
      className={`${common.select ?? ''} ${style.model ?? ''}`}
      value={current}
      disabled={fitting}
      title={fitting ? 'A fit is under way: the model can be changed when it is done.' : undefined}
      onChange={(event) => {
        void session.chooseModel(event.target.value);
      }}
    >
      {models.map((model) => (
        <option key={model.id} value={model.id}>
          {describe(model)}
        </option>
      ))}
    </select>
  );
}

function describe({ title, bytes, heldOutMae, note }: ModelOffer): string {
  return [
    title,
    bytes === null ? null : `${(bytes / 1e6).toFixed(1)} MB`,
    heldOutMae === null ? 'error not measured' : `error ${(100 * heldOutMae).toFixed(2)} %`,
    note,
  ]
    .filter((part) => part != null)
    .join(' · ');
}
