import type { EngineInfo } from '../domain/client.ts';
import type { Entry } from './entries.ts';
import { fittedLabels, orderedLabels, solarLabels } from './labelVectors.ts';

/** The labels on show for an entry: the search's best while it runs, else the sliders', else the fit's, else the Sun's. */
export function shownLabels({ info }: EngineInfo, entry: Entry | null): Float64Array {
  const solar = solarLabels(info);
  if (entry === null) return solar;
  const best = entry.run.kind === 'running' ? entry.run.progress?.best : null;
  if (best != null) return orderedLabels(info, best.labels, solar);
  if (entry.manual !== null) return entry.manual.labels;
  return entry.run.kind === 'done' ? fittedLabels(info, entry.run.result) : solar;
}
