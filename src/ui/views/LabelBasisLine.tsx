import { Fragment, useState } from 'react';
import { labelBasis } from '../../domain/basis.ts';
import type { ShownResult } from '../../domain/fit.ts';
import { labelUnit } from '../../domain/labels.ts';
import { noteOf } from '../../results/rows.ts';
import { LabelName } from '../common/LabelName.tsx';
import { decimals, formatNumber } from '../common/format.ts';
import style from './views.module.css';

const TOLD = 3;

/** What the value of the shown label rests on: data, prior, and, on demand, what σ is made of and other labels that could do as well. */
export function LabelBasisLine({ result, label }: { readonly result: ShownResult; readonly label: string }) {
  const basis = labelBasis(result, label);
  const { exposureSigma: exposure, errors } = result.labels.find(({ name }) => name === label) ?? {};
  const note = noteOf(result, label);
  // Open from label to label and from star to star, once opened.
  const [open, setOpen] = useState(false);
  if (basis === null) return null;
  const { value, sigma, cramerRao, priorSigma, share, correlations } = basis;
  const digits = decimals(label);
  const unit = labelUnit(label);
  return (
    <details
      className={style.basis}
      aria-label="What the label rests on"
      open={open}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>
        <LabelName name={label} /> {formatNumber(value, digits, unit === 'dex' && label !== 'logg')} ± {formatNumber(sigma, digits)} {unit}:{' '}
        {Number.isFinite(cramerRao) ? (
          <>
            the data alone ± {formatNumber(cramerRao, digits)} (Cramér–Rao), the prior ± {formatNumber(priorSigma, digits)};{' '}
            {formatNumber(100 * share, 0)} % of the information is the data’s
          </>
        ) : (
          <>the prior’s, ± {formatNumber(priorSigma, digits)}; the data say nothing</>
        )}
        {note !== null && <strong> · {note}</strong>}
      </summary>
      <ul>
        {exposure !== undefined && <li>Another exposure would differ by its own noise, ± {formatNumber(exposure, digits + 1)}.</li>}
        {errors !== undefined && (
          <li>
            Of ±&nbsp;{formatNumber(sigma, digits + 1)} the noise makes {formatNumber(errors.noise, digits + 1)}, the model’s error{' '}
            {formatNumber(errors.model, digits + 1)}, the network’s own {formatNumber(errors.network, digits + 1)} (in quadrature).
          </li>
        )}
        <li>
          {'Correlated with '}
          {correlations.slice(0, TOLD).map((other, k) => (
            <Fragment key={other.name}>
              {k > 0 && ', '}
              <LabelName name={other.name} /> {formatNumber(other.value, 2, true)}
            </Fragment>
          ))}
        </li>
      </ul>
    </details>
  );
}
