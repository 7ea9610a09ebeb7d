import type { ManifestLabel } from '../../domain/emulator.ts';
import type { DerivativeErrors, HeldOutErrors } from '../../domain/modelCard.ts';
import { LabelName } from '../common/LabelName.tsx';
import { decimals, formatNumber } from '../common/format.ts';
import style from './modelCard.module.css';

interface Props {
  readonly labels: readonly ManifestLabel[];
  readonly derivatives: HeldOutErrors['derivatives'];
}

/** Training range of every label, and how right its derivative is. */
export function ModelLabels({ labels, derivatives }: Props) {
  return (
    <table className={style.numbers} aria-label="Labels">
      <thead>
        <tr>
          <th scope="col">label</th>
          <th scope="col">from</th>
          <th scope="col">to</th>
          <th scope="col" title="Of the derivative: rms error over its rms, on held-out stars">
            derivative’s error
          </th>
          <th scope="col" title="Cosine of the angle between emulated and ab initio derivative">
            cosine
          </th>
          <th scope="col" title="Largest derivative where the ab initio one is zero, over its peak">
            leakage
          </th>
        </tr>
      </thead>
      <tbody>
        {labels.map(({ name, unit, min, max }) => (
          <tr key={name}>
            <th scope="row">
              <LabelName name={name} />
            </th>
            <td>{formatNumber(min, decimals(name))}</td>
            <td>
              {formatNumber(max, decimals(name))} {unit}
            </td>
            <Derivative errors={derivatives[name]} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Derivative({ errors }: { readonly errors: DerivativeErrors | undefined }) {
  if (errors === undefined) return <td colSpan={3}>not measured</td>;
  const { relativeError, cosine, informative, leakage } = errors;
  return (
    <>
      <td>
        {informative === false && <span className={style.weak}>little information · </span>}
        {(100 * relativeError).toFixed(1)} %
      </td>
      <td>{cosine.toFixed(3)}</td>
      <td>{leakage === undefined ? '—' : `${(100 * leakage).toFixed(1)} %`}</td>
    </>
  );
}
