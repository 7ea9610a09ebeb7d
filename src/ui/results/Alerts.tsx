import type { FitAlert } from '../../domain/fit.ts';
import { MaskAndFit } from './MaskAndFit.tsx';
import style from './results.module.css';

/** Doubts about a fit as a whole, above its numbers: nobody should read those first. */
export function Alerts({ alerts }: { readonly alerts: readonly FitAlert[] }) {
  if (alerts.length === 0) return null;
  return (
    <ul className={style.alerts} aria-label="Doubts about this fit">
      {alerts.map((alert) => (
        <li key={alert.code} data-spoils={alert.spoilsLabels}>
          {alert.spoilsLabels && <strong>Do not use these labels. </strong>}
          {alert.message} {alert.hint}
          <MaskAndFit alert={alert} />
        </li>
      ))}
    </ul>
  );
}
