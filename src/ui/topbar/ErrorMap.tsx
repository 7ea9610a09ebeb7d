import { labelUnit } from '../../domain/labels.ts';
import type { ErrorCell } from '../../domain/modelCard.ts';
import { LabelName } from '../common/LabelName.tsx';
import { formatNumber } from '../common/format.ts';
import style from './modelCard.module.css';

/** Errors of the held-out stars by T_eff, log g and [Fe/H], folded away at first; cells without a star are left out. */
export function ErrorMap({ cells }: { readonly cells: readonly ErrorCell[] }) {
  return (
    <details className={style.map}>
      <summary>By stellar parameters</summary>
      <table className={style.numbers}>
        <thead>
          <tr>
            {(['teff', 'logg', 'feh'] as const).map((name) => (
              <th key={name} scope="col">
                <LabelName name={name} /> ({labelUnit(name)})
              </th>
            ))}
            <th scope="col">stars</th>
            <th scope="col">mean absolute</th>
          </tr>
        </thead>
        <tbody>
          {cells.map(({ teff, logg, feh, spectra, mae }) =>
            mae === null ? null : (
              <tr key={[...teff, ...logg, ...feh].join(' ')}>
                <td>{interval(teff, 0)}</td>
                <td>{interval(logg, 1)}</td>
                <td>{interval(feh, 1)}</td>
                <td>{spectra}</td>
                <td>{(100 * mae).toFixed(3)} %</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </details>
  );
}

const interval = ([from, to]: readonly [number, number], digits: number): string =>
  `${formatNumber(from, digits)} … ${formatNumber(to, digits)}`;
