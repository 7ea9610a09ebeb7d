import { CALIBRATED_NAMES, calibratedTitle, calibratedUnit, type CalibratedName } from '../../calibration/names.ts';
import type { Calibration, LabelCalibration } from '../../calibration/schema.ts';
import { formatNumber } from '../common/format.ts';
import style from './results.module.css';

interface Props {
  readonly calibration: Calibration;
  readonly other: Calibration | null;
  readonly onLabel: (label: CalibratedName) => void;
}

/** All labels of one calibration, or of two side by side: stars, and scatter of those that took no part. */
export function CalibrationComparison({ calibration, other, onLabel }: Props) {
  const names = CALIBRATED_NAMES.filter((name) => name in calibration.labels || (other !== null && name in other.labels));
  const both = other === null ? [calibration] : [calibration, other];
  return (
    <table className={style.table} aria-label="Labels of the calibration">
      <thead>
        <tr>
          <th scope="col">label</th>
          {both.map(({ id }) => (
            <th key={id} scope="col">
              {other === null ? 'stars; σ raw → calibrated' : id}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row">
              <button
                type="button"
                className={style.pick}
                aria-label={`Calibration of ${calibratedTitle(name)}`}
                onClick={() => {
                  onLabel(name);
                }}
              >
                {calibratedTitle(name)}
              </button>
            </th>
            {both.map(({ id, labels }) => (
              <td key={id}>{summaryOf(name, labels[name])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function summaryOf(name: CalibratedName, label: LabelCalibration | undefined): string {
  if (label === undefined) return '—';
  if (label.heldOut === null) return 'the Sun alone';
  const digits = calibratedUnit(name) === 'K' ? 0 : 2;
  const { scatter, raw } = label.heldOut;
  return `${String(label.stars)}; ${formatNumber(raw.scatter, digits)} → ${formatNumber(scatter, digits)} ${calibratedUnit(name)}`;
}
