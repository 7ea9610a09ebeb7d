import { FEWEST_EFFECTIVE, RHAT_LIMIT, type Posterior } from '../../domain/posterior.ts';
import { SAMPLERS } from '../../fit/methods.ts';
import { worstFirst } from '../../results/convergence.ts';
import { LabelName } from '../common/LabelName.tsx';
import common from '../common/common.module.css';
import { formatNumber } from '../common/format.ts';
import views from './views.module.css';

/** How well the chains agree about each label, the worst first, and what the numbers mean. */
export function ConvergenceTable({ posterior }: { readonly posterior: Posterior }) {
  const { labels, acceptance, steps, sampler } = posterior;
  const left = labels.filter(({ converged, rhat }) => !converged && !Number.isNaN(rhat)).length;
  return (
    <div className={views.convergence} role="region" aria-label="Convergence" tabIndex={0}>
      <p className={views.aside}>
        {left === 0 ? 'Every label has converged.' : `${String(left)} of ${String(labels.length)} labels have not converged.`} R̂ compares
        the chains with one another: 1 where they agree, wanted below {RHAT_LIMIT}. The effective draws are as many independent ones as the
        chains are worth, for the middle of the distribution (bulk, wanted {FEWEST_EFFECTIVE}) and for its 5 and 95 % ends (tail); τ is how
        many steps a chain takes to forget where it was. Sampler {SAMPLERS.find(({ id }) => id === sampler)?.title ?? sampler}, {steps}{' '}
        steps after warm-up, {Math.round(100 * acceptance)} % of the moves accepted.
      </p>
      <table className={`${common.table ?? ''} ${views.numbers ?? ''}`} aria-label="Convergence of the labels">
        <thead>
          <tr>
            <th scope="col">label</th>
            <th scope="col">R̂</th>
            <th scope="col">bulk</th>
            <th scope="col">tail</th>
            <th scope="col">τ (steps)</th>
            <th scope="col">converged</th>
          </tr>
        </thead>
        <tbody>
          {worstFirst(labels).map(({ name, rhat, essBulk, essTail, tau, converged }) => (
            <tr key={name}>
              <th scope="row">
                <LabelName name={name} />
              </th>
              <td>{formatNumber(rhat, 3)}</td>
              <td>{formatNumber(essBulk, 0)}</td>
              <td>{formatNumber(essTail, 0)}</td>
              <td>{formatNumber(tau, 1)}</td>
              <td>{Number.isNaN(rhat) ? 'held' : converged ? 'yes' : <b className={views.bad}>no</b>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
