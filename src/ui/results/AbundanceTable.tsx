import type { AbundanceScale, ResultRow } from '../../results/rows.ts';
import { useSession, useSettings } from '../session.tsx';
import { labelOf } from '../views/plots.ts';
import { FlagBadge } from './FlagBadge.tsx';
import { ValueCells } from './ValueCells.tsx';
import style from './results.module.css';

interface Props {
  readonly rows: readonly ResultRow[];
  readonly scale: AbundanceScale;
  readonly showTruth: boolean;
}

/** View 4, in numbers. An element's name shows its derivative spectrum. */
export function AbundanceTable({ rows, scale, showTruth }: Props) {
  const session = useSession();
  const derivative = useSettings((settings) => settings.derivative);
  const kind = scale === 'xh' ? '[X/H]' : '[X/Fe]';
  return (
    <table className={style.table} aria-label={`Abundances ${kind}`}>
      <thead>
        <tr>
          <th scope="col">{kind}</th>
          <th scope="col">raw</th>
          <th scope="col">calibrated</th>
          {showTruth && <th scope="col">truth</th>}
          <th scope="col">flag</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name} data-chosen={labelOf(row.name) === derivative} data-weak={row.flags.includes('prior-dominated')}>
            <th scope="row">
              <button
                type="button"
                className={style.pick}
                aria-label={`Derivative of ${row.name}`}
                onClick={() => {
                  session.settings.getState().setDerivative(labelOf(row.name));
                }}
              >
                {row.name}
              </button>
            </th>
            <ValueCells row={row} digits={2} signed showTruth={showTruth} />
            <td>
              <FlagBadge flags={row.flags} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
