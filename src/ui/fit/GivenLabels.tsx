import { useState } from 'react';
import type { EngineInfo } from '../../domain/client.ts';
import type { PriorChoice } from '../../domain/fitOptions.ts';
import { labelTitle, labelUnit, type LabelName as Name } from '../../domain/labels.ts';
import type { Entry } from '../../state/entries.ts';
import { isActive } from '../../state/fitRun.ts';
import { choiceOf, givenFailure, givenOf, startOf, valueAndSigma } from '../../state/given.ts';
import { shownLabels } from '../../state/shownLabels.ts';
import { LabelName } from '../common/LabelName.tsx';
import { NumberBox } from '../common/NumberBox.tsx';
import common from '../common/common.module.css';
import { decimals } from '../common/format.ts';
import { useEngine, useSelected, useSession, useSessionState } from '../session.tsx';
import style from './fit.module.css';

const SMALL = `${common.button ?? ''} ${common.small ?? ''}`;

/** Labels of the selected spectrum that are known before its fit: a value with its σ, or held. */
export function GivenLabels() {
  const engine = useEngine();
  const entry = useSelected();
  const session = useSession();
  const several = useSessionState((state) => state.entries.length > 1);
  if (entry === null || engine === null) return null;
  const given = Object.entries(givenOf(entry)) as [Name, PriorChoice][];
  const locked = isActive(entry.run) || entry.elsewhere === true;
  const failure = givenFailure(engine, givenOf(entry));
  return (
    <details className={style.advanced} open={given.length > 0}>
      <summary>{given.length === 0 ? 'Known labels' : `Known labels (${String(given.length)})`}</summary>
      <div className={style.fields}>
        <p className={style.hint}>
          What is known before the fit: T_eff from photometry, log g from seismology. Without σ, a label is held at its value.
        </p>
        {given.map(([name, choice]) => (
          <GivenRow key={name} engine={engine} name={name} choice={choice} locked={locked} />
        ))}
        <NewLabel key={`${entry.key} ${String(given.length)}`} engine={engine} entry={entry} locked={locked} />
        {failure !== null && (
          <p role="alert" className={style.failed}>
            {failure.message}. {failure.hint}.
          </p>
        )}
        {several && given.length > 0 && (
          <button type="button" className={SMALL} disabled={locked} onClick={session.giveAll}>
            Give these to all spectra
          </button>
        )}
      </div>
    </details>
  );
}

interface RowProps {
  readonly engine: EngineInfo;
  readonly name: Name;
  readonly choice: PriorChoice;
  readonly locked: boolean;
}

function GivenRow({ engine, name, choice, locked }: RowProps) {
  const session = useSession();
  const label = engine.info.labels.find((one) => one.name === name);
  const { value, sigma } = valueAndSigma(choice);
  const unit = labelUnit(name);
  const title = `${labelTitle(name)} (${unit})`;
  const step = unit === 'K' ? 10 : 0.01;
  return (
    <div className={style.given} role="group" aria-label={`Known ${labelTitle(name)}`}>
      <span>
        <LabelName name={name} />
      </span>
      <NumberBox
        label={`Known ${title}`}
        value={value}
        min={label?.min ?? value}
        max={label?.max ?? value}
        step={step}
        digits={decimals(name)}
        disabled={locked}
        onChange={(next) => {
          if (next !== null) session.give(name, choiceOf(next, sigma));
        }}
      />
      <span aria-hidden="true">±</span>
      <NumberBox
        label={`σ of known ${title}; empty to fix it`}
        value={sigma}
        min={unit === 'K' ? 1 : 0.001}
        max={(label?.max ?? Infinity) - (label?.min ?? 0)}
        step={step}
        digits={unit === 'K' ? 0 : 3}
        empty="fixed"
        disabled={locked}
        onChange={(next) => {
          session.give(name, choiceOf(value, next));
        }}
      />
      <button
        type="button"
        className={SMALL}
        disabled={locked}
        aria-label={`Set ${labelTitle(name)} free`}
        onClick={() => {
          session.give(name, null);
        }}
      >
        Free
      </button>
    </div>
  );
}

interface NewProps {
  readonly engine: EngineInfo;
  readonly entry: Entry;
  readonly locked: boolean;
}

/** One more label, held at the value on show until another is typed. */
function NewLabel({ engine, entry, locked }: NewProps) {
  const session = useSession();
  const given = givenOf(entry);
  const free = engine.info.labels.filter(({ name }) => given[name] === undefined);
  const [chosen, setChosen] = useState<Name | null>(null);
  const name = free.find((one) => one.name === (chosen ?? 'logg'))?.name ?? free[0]?.name;
  if (name === undefined) return null;
  const add = (): void => {
    const shown = shownLabels(engine, entry)[engine.info.labels.findIndex((label) => label.name === name)] ?? NaN;
    session.give(name, startOf(engine, name, shown, decimals(name)));
  };
  return (
    <div className={style.newGiven}>
      <select
        className={common.select}
        aria-label="Label to give"
        value={name}
        disabled={locked}
        onChange={({ target }) => {
          setChosen(free.find((one) => one.name === target.value)?.name ?? null);
        }}
      >
        {free.map((label) => (
          <option key={label.name} value={label.name}>
            {labelTitle(label.name)}
          </option>
        ))}
      </select>
      <button type="button" className={SMALL} disabled={locked} onClick={add}>
        Add
      </button>
    </div>
  );
}
