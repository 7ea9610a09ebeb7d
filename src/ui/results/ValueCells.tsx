import type { ResultRow } from '../../results/rows.ts';
import { formatNumber } from '../common/format.ts';
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
      <Measured value={row.value} sigma={row.sigma} digits={digits} signed={signed} />
      <Measured value={row.calibrated} sigma={row.sigmaCalibrated} digits={digits} signed={signed} />
      {showTruth && <td className={style.truth}>{formatNumber(row.truth, digits, signed)}</td>}
    </>
  );
}

function Measured({ value, sigma, digits, signed }: { value: number | null; sigma: number | null; digits: number; signed: boolean }) {
  return (
    <td>
      {formatNumber(value, digits, signed)}
      {value !== null && sigma !== null && <span className={style.sigma}> ± {formatNumber(sigma, digits)}</span>}
    </td>
  );
}
