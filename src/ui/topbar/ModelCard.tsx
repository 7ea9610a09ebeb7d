import { Dialog } from '@base-ui/react/dialog';
import type { FluxErrors, HeldOutErrors, ModelCard } from '../../domain/modelCard.ts';
import common from '../common/common.module.css';
import { useEngine } from '../session.tsx';
import { ErrorBars } from './ErrorBars.tsx';
import { ErrorMap } from './ErrorMap.tsx';
import { ModelLabels } from './ModelLabels.tsx';
import style from './modelCard.module.css';
import topbar from './topbar.module.css';

/** A button, and behind it what the loaded model says of itself in its manifest. */
export function ModelCardButton() {
  const engine = useEngine();
  if (engine === null) return null;
  const { card } = engine;
  return (
    <Dialog.Root>
      <Dialog.Trigger className={`${common.button ?? ''} ${common.quiet ?? ''}`}>About this model</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={topbar.backdrop} />
        <Dialog.Popup className={`${topbar.dialog ?? ''} ${style.card ?? ''}`}>
          <Dialog.Title>{card.title}</Dialog.Title>
          <Dialog.Description>
            {card.network}; {(card.bytes / 1e6).toFixed(1)} MB of weights of {card.date}. Normalised flux at R = {card.resolvingPower}.
          </Dialog.Description>
          <Errors card={card} />
          <h3>Labels and training range</h3>
          <ModelLabels labels={card.labels} derivatives={card.heldOut?.derivatives ?? {}} />
          <Sources card={card} />
          <Dialog.Close className={common.button}>Close</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Errors({ card: { heldOut, resolvingPower } }: { readonly card: ModelCard }) {
  if (heldOut === null) return <p>Its error on stars that it was not trained on has not been measured.</p>;
  return (
    <>
      <h3>
        Error of the flux on {heldOut.spectra} held-out stars, {heldOut.date}
      </h3>
      <table className={style.numbers}>
        <thead>
          <tr>
            <th scope="col">resolving power</th>
            <th scope="col">mean absolute</th>
            <th scope="col">99th percentile</th>
          </tr>
        </thead>
        <tbody>
          {resolutions(heldOut, resolvingPower).map(([power, { mae, percentile99 }]) => (
            <tr key={power}>
              <th scope="row">R = {power}</th>
              <td>{percent(mae, 3)}</td>
              <td>{percent(percentile99, 2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ErrorBars bins={heldOut.native.per100} resolvingPower={resolvingPower} />
      {heldOut.map !== undefined && <ErrorMap cells={heldOut.map} />}
    </>
  );
}

const resolutions = ({ native, r1800 }: HeldOutErrors, resolvingPower: number): readonly (readonly [number, FluxErrors])[] =>
  r1800 === undefined
    ? [[resolvingPower, native]]
    : [
        [resolvingPower, native],
        [1800, r1800],
      ];

const percent = (value: number, digits: number): string => `${(100 * value).toFixed(digits)} %`;

function Sources({ card: { trainedOn, limits, citation } }: { readonly card: ModelCard }) {
  return (
    <>
      <h3>Trained on</h3>
      <dl className={topbar.keys}>
        <dt>spectra</dt>
        <dd>
          {trainedOn.spectra}, {trainedOn.withDerivatives} of them with derivatives
        </dd>
        <dt>atmospheres</dt>
        <dd>{trainedOn.atmospheres}</dd>
        <dt>lines</dt>
        <dd>{trainedOn.lines}</dd>
        <dt>code</dt>
        <dd>{trainedOn.code}</dd>
      </dl>
      <Texts title="What it cannot do" texts={limits} />
      <Texts title="Please cite" texts={citation} />
    </>
  );
}

function Texts({ title, texts }: { readonly title: string; readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className={style.texts}>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </>
  );
}
