import { useState } from 'react';
import { useSelected } from '../session.tsx';
import { AbundancePanel } from './AbundancePanel.tsx';
import { DerivativePanel } from './DerivativePanel.tsx';
import { PosteriorPanel } from './PosteriorPanel.tsx';
import views from './views.module.css';

/** Derivative and abundances, or in their place the posterior where one is, or is being, sampled. */
export function LowerViews() {
  const entry = useSelected();
  const [open, setOpen] = useState(true);
  const run = entry?.run;
  const sampled =
    (run?.kind === 'running' && run.progress?.sampling !== undefined) || (run?.kind === 'done' && run.result.posterior !== undefined);
  if (sampled && open) {
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
  return (
    <>
      <DerivativePanel />
      <AbundancePanel onPosterior={sampled ? show : null} />
    </>
  );
}
