import { labelTitle } from '../../domain/labels.ts';
import { rowsOnScale } from '../../results/onScale.ts';
import type { FinishedFit } from '../../state/fitRun.ts';
import { useSettings } from '../session.tsx';
import views from './views.module.css';

/** What calibration does to the draws and correlations of these labels, and which of them stay raw; nothing where raw values are shown or none is calibrated. */
export function CalibratedNote({ run, names }: { readonly run: FinishedFit; readonly names: readonly string[] }) {
  const values = useSettings((settings) => settings.values);
  const scale = useSettings((settings) => settings.scale);
  if (values === 'raw' || run.calibrated.calibration === 'none') return null;
  const rows = rowsOnScale(run.result, run.calibrated, scale).filter(({ name }) => names.includes(name));
  const raw = rows.filter(({ calibrated }) => calibrated === null).map(({ name }) => labelTitle(name, scale));
  return (
    <p className={views.aside}>
      {raw.length === rows.length
        ? 'None of these labels is calibrated for this star: all are raw.'
        : `Calibrated: moved to the calibrated value and given its σ; what calibration adds to σ is taken as each label’s own. ${raw.length === 0 ? '' : `Raw, as not calibrated: ${raw.join(', ')}.`}`}
    </p>
  );
}
