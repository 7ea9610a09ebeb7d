import { byGrade, GRADE_MEANING, gradeOf } from '../../results/grade.ts';
import { abundanceTitle } from '../../results/rows.ts';
import type { AbundanceScale, ResultRow } from '../../results/rows.ts';
import { Tip } from '../common/Tip.tsx';
import { useSession, useSettings } from '../session.tsx';
import { labelOf } from '../views/plots.ts';
import { FlagBadge } from './FlagBadge.tsx';
import { PriorShare } from './PriorShare.tsx';
import { ValueCells } from './ValueCells.tsx';
import style from './results.module.css';

interface Props {
  readonly rows: readonly ResultRow[];
  readonly scale: AbundanceScale;
  readonly showTruth: boolean;
}

/** View 4, in numbers: what is measured first, then what is weak, then what is not measured. An element's name shows its derivative spectrum. */
export function AbundanceTable({ rows, scale, showTruth }: Props) {
  const kind = abundanceTitle('X', scale);
  return (
    <table className={style.table} aria-label={`Abundances ${kind}`}>
      <thead>
        <tr>
          <th scope="col">{kind}</th>
          <th scope="col">raw</th>
          <th scope="col">calibrated</th>
          {showTruth && <th scope="col">truth</th>}
          <th scope="col">
            <Tip text="The part of what is known of [X/Fe] that is the prior’s, not the spectrum’s: short is good.">prior</Tip>
          </th>
          <th scope="col">flag</th>
        </tr>
      </thead>
      {byGrade(rows).map(([grade, some]) => (
        <tbody key={grade} aria-label={`${grade}: ${String(some.length)}`}>
          <tr className={style.grade}>
            <th scope="rowgroup" colSpan={showTruth ? 6 : 5}>
              <Tip text={GRADE_MEANING[grade]}>
                {grade} <span className={style.sigma}>{some.length}</span>
              </Tip>
            </th>
          </tr>
          {some.map((row) => (
            <AbundanceRow key={row.name} row={row} showTruth={showTruth} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function AbundanceRow({ row, showTruth }: { readonly row: ResultRow; readonly showTruth: boolean }) {
  const session = useSession();
  const derivative = useSettings((settings) => settings.derivative);
  return (
    <tr data-chosen={labelOf(row.name) === derivative} data-weak={gradeOf(row) === 'not measured'}>
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
        <PriorShare row={row} />
      </td>
      <td>
        <FlagBadge flags={row.flags} />
      </td>
    </tr>
  );
}
