import { Tip } from '../common/Tip.tsx';
import { useSessionState } from '../session.tsx';
import style from './topbar.module.css';

/** Which model is loaded and which backend runs it; why, on hover or focus. */
export function BackendNote() {
  const engine = useSessionState((state) => state.engine);
  switch (engine.kind) {
    case 'loading':
      return (
        <span className={style.engine} role="status">
          Loading the model…
        </span>
      );
    case 'failed':
      return (
        <span className={`${style.engine ?? ''} ${style.bad ?? ''}`} role="alert">
          No model: {engine.failure.message} {engine.failure.hint}
        </span>
      );
    case 'ready': {
      const { info, backend } = engine.engine;
      const held =
        info.heldOutMae === null ? 'held-out error not measured' : `held-out error ${(100 * info.heldOutMae).toFixed(2)} % of the flux`;
      const text = [
        `${info.title} (${info.id})`,
        `${String(info.labels.length)} labels, R = ${String(info.resolvingPower)}, ${String(info.grid.count)} native pixels, ${held}.`,
        `Runs on ${backend.name}: ${backend.reason}`,
      ].join('\n');
      return (
        <Tip text={text} className={style.engine ?? ''}>
          model <b>{info.id}</b> on <b>{backend.name}</b> ·{' '}
          {backend.refused === undefined ? backend.reason : <span className={style.warn}>not on a faster backend: {backend.refused}</span>}
        </Tip>
      );
    }
  }
}
