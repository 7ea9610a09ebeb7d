import { useState } from 'react';
import { useSelected } from '../session.tsx';
import { AbundancePanel } from './AbundancePanel.tsx';
import { DerivativePanel } from './DerivativePanel.tsx';
import { PosteriorPanel } from './PosteriorPanel.tsx';
import views from './views.module.css';

/** Derivative and abundances, or in their place the posterior where one is, or is being, sampled, and how labels are correlated where that is asked for. */
export function LowerViews() {
  const entry = useSelected();
  const [posterior, setPosterior] = useState(true);
  const [correlated, setCorrelated] = useState(false);
  const run = entry?.run;
  const sampled =
    (run?.kind === 'running' && run.progress?.sampling !== undefined) || (run?.kind === 'done' && run.result.posterior !== undefined);
  const [open, setOpen] = sampled ? [posterior, setPosterior] : [correlated && run?.kind === 'done', setCorrelated];
  if (open) {
    return (
      <div className={views.lower}>
        <PosteriorPanel
          onClose={() => {
            setOpen(false);
          }}
        />
      </div>
    );
  }
  const show = () => {
    setOpen(true);
  };
  const title = sampled ? 'Posterior' : run?.kind === 'done' ? 'Correlations' : null;
  return (
    <>
      <DerivativePanel />
      <AbundancePanel errors={title === null ? null : { title, show }} />
    </>
  );
}
