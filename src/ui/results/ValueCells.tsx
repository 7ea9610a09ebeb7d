import type { ResultRow } from '../../results/rows.ts';
import { formatNumber } from '../common/format.ts';
import { useSession, useSessionState } from '../session.tsx';
import style from './results.module.css';

interface Props {
  readonly row: ResultRow;
  readonly digits: number;
  /** Dex values relative to the Sun carry a sign. */
  readonly signed: boolean;
  readonly showTruth: boolean;
}

/** Raw, calibrated and (for simulated stars) true value of one row. */
export function ValueCells({ row, digits, signed, showTruth }: Props) {
  return (
    <>
      <Measured value={row.value} sigma={row.sigma} digits={digits} signed={signed} title={madeOf(row, digits)} given={row.given} />
      <Calibrated row={row} digits={digits} signed={signed} />
      {showTruth && <td className={style.truth}>{formatNumber(row.truth, digits, signed)}</td>}
    </>
  );
}

interface MeasuredProps {
  readonly value: number | null;
  readonly sigma: number | null;
  readonly digits: number;
  readonly signed: boolean;
  /** What σ is made of. */
  readonly title?: string | undefined;
  /** What was given of it before the fit. */
  readonly given?: string | null;
}

/** What the σ of a row is made of, in words; undefined where it is not known. */
function madeOf({ errors, note }: ResultRow, digits: number): string | undefined {
  const parts =
    errors === null
      ? []
      : [
          `σ: noise ${formatNumber(errors.noise, digits + 1)}, the model’s error ${formatNumber(errors.model, digits + 1)}, the network’s own ${formatNumber(errors.network, digits + 1)}, in quadrature`,
        ];
  const all = [...parts, ...(note === null ? [] : [note])];
  return all.length === 0 ? undefined : all.join('\n');
}

/** A calibrated value: one click tells what it rests on. */
function Calibrated({ row, digits, signed }: Omit<Props, 'showTruth'>) {
  const session = useSession();
  const known = useSessionState((state) => state.calibration !== null);
  const { calibrated, sigmaCalibrated: sigma } = row;
  if (calibrated === null || !known) return <Measured value={calibrated} sigma={sigma} digits={digits} signed={signed} />;
  return (
    <td>
      <button
        type="button"
        className={style.pick}
        aria-label={`What the calibrated ${row.name} rests on`}
        onClick={() => {
          session.aboutCalibration(row.name === 'Fe' ? 'feh' : row.name);
        }}
      >
        {formatNumber(calibrated, digits, signed)}
      </button>
      {sigma !== null && <span className={style.sigma}> ± {formatNumber(sigma, digits)}</span>}
    </td>
  );
}

function Measured({ value, sigma, digits, signed, title, given = null }: MeasuredProps) {
  return (
    <td title={title}>
      {formatNumber(value, digits, signed)}
      {value !== null && sigma !== null && sigma > 0 && <span className={style.sigma}> ± {formatNumber(sigma, digits)}</span>}
      {given !== null && <span className={style.given}>{given}</span>}
    </td>
  );
}
