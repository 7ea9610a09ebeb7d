import { useMemo } from 'react';
import { labelTitle, labelUnit } from '../../domain/labels.ts';
import { compareLabels } from '../../results/compare.ts';
import { rowsOnScale } from '../../results/onScale.ts';
import { shownLabels } from '../../state/calibrations.ts';
import type { Compared } from '../../state/comparing.ts';
import type { FinishedFit } from '../../state/fitRun.ts';
import { LabelName } from '../common/LabelName.tsx';
import { decimals, formatNumber } from '../common/format.ts';
import { useSettings } from '../session.tsx';
import style from './results.module.css';

const SIGMA = {
  fit: 'Differences in units of the larger σ of the two: fits of the same spectrum share its noise. Beyond 1 they are marked.',
  star: 'Differences in units of √(σ² + σ²) of the two stars. Beyond 3 they are marked.',
} as const;

/** The labels of the fit on show beside those of another, with their differences. */
export function CompareTable({ run, compared }: { readonly run: FinishedFit; readonly compared: Compared }) {
  const scale = useSettings((settings) => settings.scale);
  const values = useSettings((settings) => settings.values);
  const rows = useMemo(() => {
    const of = ({ result, calibrated }: FinishedFit) => rowsOnScale(result, shownLabels(result, calibrated, values), scale);
    return compareLabels(of(run), of(compared.run), compared.kind);
  }, [run, compared, scale, values]);
  return (
    <div className={style.scroll} tabIndex={0} role="region" aria-label="Comparison">
      <p className={style.compareNote}>
        Shown against {compared.title}. {SIGMA[compared.kind]} An asterisk after a name: both values are calibrated.
      </p>
      <table className={style.table} aria-label="Comparison of labels">
        <thead>
          <tr>
            <th scope="col">label</th>
            <th scope="col">shown</th>
            <th scope="col">other</th>
            <th scope="col">difference</th>
            <th scope="col">in σ</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, one, other, calibrated, difference, inSigma, told }) => {
            const digits = decimals(name);
            const signed = labelUnit(name) === 'dex' && name !== 'logg';
            return (
              <tr key={name}>
                <th scope="row" title={labelTitle(name, scale)}>
                  <LabelName name={name} scale={scale} />
                  {calibrated ? '*' : ''}
                </th>
                {[one, other].map(({ value, sigma }, i) => (
                  <td key={i}>
                    {formatNumber(value, digits, signed)} <span className={style.sigma}>± {formatNumber(sigma, digits)}</span>
                  </td>
                ))}
                <td>{formatNumber(difference, digits, true)}</td>
                <td>{told ? <b className={style.bad}>{formatNumber(inSigma, 1, true)}</b> : formatNumber(inSigma, 1, true)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
