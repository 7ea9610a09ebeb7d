import type { FitAlert } from '../../domain/fit.ts';
import style from './results.module.css';

/** Doubts about a fit as a whole, above its numbers: nobody should read those first. */
export function Alerts({ alerts }: { readonly alerts: readonly FitAlert[] }) {
  if (alerts.length === 0) return null;
  return (
    <ul className={style.alerts} aria-label="Doubts about this fit">
      {alerts.map(({ code, message, hint, spoilsLabels }) => (
        <li key={code} data-spoils={spoilsLabels}>
          {spoilsLabels && <strong>Do not use these labels. </strong>}
          {message} {hint}
        </li>
      ))}
    </ul>
  );
}
