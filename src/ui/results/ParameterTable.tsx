import { labelTitle, labelUnit } from '../../domain/labels.ts';
import type { ResultRow } from '../../results/rows.ts';
import { LabelName } from '../common/LabelName.tsx';
import { decimals, formatNumber } from '../common/format.ts';
import { useSession } from '../session.tsx';
import { FlagBadge } from './FlagBadge.tsx';
import { ValueCells } from './ValueCells.tsx';
import style from './results.module.css';

interface Props {
  readonly rows: readonly ResultRow[];
  /** km/s; null while it is not known. */
  readonly rv: { readonly value: number; readonly sigma: number; readonly truth: number | null } | null;
  readonly showTruth: boolean;
}

/** T_eff, log g, v_mic, [Fe/H] and radial velocity. */
export function ParameterTable({ rows, rv, showTruth }: Props) {
  const session = useSession();
  return (
    <table className={style.table} aria-label="Stellar parameters">
      <thead>
        <tr>
          <th scope="col">parameter</th>
          <th scope="col">raw</th>
          <th scope="col">calibrated</th>
          {showTruth && <th scope="col">truth</th>}
          <th scope="col">flag</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">
              <button
                type="button"
                className={style.pick}
                aria-label={`Derivative of ${labelTitle(row.name)}`}
                onClick={() => {
                  session.settings.getState().setDerivative(row.name);
                }}
              >
                <LabelName name={row.name} />
              </button>{' '}
              <span className={style.plain}>{labelUnit(row.name)}</span>
            </th>
            <ValueCells row={row} digits={decimals(row.name)} signed={row.name === 'feh'} showTruth={showTruth} />
            <td>{row.sigma !== null && <FlagBadge flags={row.flags} />}</td>
          </tr>
        ))}
        {rv !== null && (
          <tr>
            <th scope="row">
              RV <span className={style.plain}>km/s</span>
            </th>
            <td>
              {formatNumber(rv.value, 1)}
              <span className={style.sigma}> ± {formatNumber(rv.sigma, 1)}</span>
            </td>
            <td>—</td>
            {showTruth && <td className={style.truth}>{formatNumber(rv.truth, 1)}</td>}
            <td />
          </tr>
        )}
      </tbody>
    </table>
  );
}
