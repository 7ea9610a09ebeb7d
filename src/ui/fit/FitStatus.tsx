import { useSelected, useSessionState } from '../session.tsx';
import { formatNumber, formatSeconds } from '../common/format.ts';
import style from './fit.module.css';

/** The selected spectrum's fit in a bar and a line; another spectrum's, when that is what runs. */
export function FitStatus() {
  const entry = useSelected();
  const running = useSessionState((state) => state.entries.find(({ run }) => run.kind === 'running'));
  const paused = useSessionState((state) => state.paused);
  const run = entry?.run ?? null;
  if (entry === null || run === null) return null;
  switch (run.kind) {
    case 'running': {
      const progress = run.progress;
      const fraction = progress?.fraction ?? 0;
      return (
        <div className={style.status}>
          <progress className={style.bar} max={1} value={fraction} aria-label="Progress of the fit" />
          <p>{paused ? 'Paused. Press Resume, or the key P, to go on.' : progress === null ? 'Starting…' : progress.message}</p>
          {progress !== null && (
            <p className={style.numbers}>
              {progress.stage} · {progress.evaluations} evaluations · reduced χ² {formatNumber(progress.chi2Reduced, 2)}
            </p>
          )}
        </div>
      );
    }
    case 'queued':
      return <p className={style.status}>{paused ? 'Paused before it began.' : `Waiting for ${running?.key ?? 'another fit'}.`}</p>;
    case 'done':
      return (
        <p className={style.status} role="status">
          {run.result.converged ? 'Converged' : 'Stopped without converging'} in {formatSeconds(run.result.seconds)}: reduced χ²{' '}
          {formatNumber(run.result.chi2Reduced, 2)} after {run.result.evaluations} evaluations.
        </p>
      );
    case 'failed':
      return <p className={`${style.status ?? ''} ${style.failed ?? ''}`}>The fit failed: Results says why.</p>;
    case 'cancelled':
      return <p className={style.status}>Cancelled. Press Fit to start again.</p>;
    case 'elsewhere':
      return <p className={style.status}>Another tab of this page is fitting it, and will show it here when it is done.</p>;
    case 'idle':
      if (entry.elsewhere === true) return <p className={style.status}>Kept by another tab of this page: fit it there.</p>;
      return running === undefined ? null : <p className={style.status}>Fitting {running.key}.</p>;
  }
}
