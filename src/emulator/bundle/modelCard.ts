import type { DerivativeErrors, HeldOutErrors, ModelCard } from '../../domain/modelCard.ts';
import type { Manifest } from './manifest.ts';

type ManifestHeldOut = NonNullable<Manifest['heldOut']>;

/** What the manifest says to the person who uses the model. */
export function modelCard(manifest: Manifest): ModelCard {
  const { id, title, date, architecture, weights, labels, resolvingPower, trainedOn, citation, limits, heldOut } = manifest;
  const { atmospheres, lines, code, spectra, withDerivatives } = trainedOn;
  return {
    ...{ id, title, date, labels, resolvingPower, citation, limits },
    network: networkText(architecture),
    bytes: weights.bytes,
    trainedOn: { atmospheres, lines, code, spectra, withDerivatives },
    heldOut: heldOut === null ? null : heldOutErrors(heldOut, manifest),
  };
}

function networkText(architecture: Manifest['architecture']): string {
  const { layers, width, parameters, patches, patchSize } = architecture;
  const size = `${String(layers)} ${layers === 1 ? 'layer' : 'layers'} of width ${String(width)}, ${(parameters / 1e6).toFixed(1)} million parameters`;
  if (architecture.name === 'mlp') return `Multilayer perceptron, ${size}`;
  return `Transformer over ${String(patches)} patches of ${String(patchSize)} pixels, ${size}`;
}

function heldOutErrors(heldOut: ManifestHeldOut, { labels }: Manifest): HeldOutErrors {
  const { date, spectra, mae, percentile99, per100, r1800, map, derivatives } = heldOut;
  const measured = labels.flatMap(({ name }): [string, DerivativeErrors][] => {
    const found = derivatives[name];
    return found === undefined ? [] : [[name, derivativeErrors(found)]];
  });
  return {
    ...{ date, spectra },
    native: { mae, percentile99, per100 },
    derivatives: Object.fromEntries(measured),
    ...(r1800 === undefined ? {} : { r1800: { mae: r1800.mae, percentile99: r1800.percentile99, per100: r1800.per100 ?? [] } }),
    ...(map === undefined ? {} : { map }),
  };
}

/** Of the stars in which the label carries information where that was told apart; else of all. */
function derivativeErrors(found: ManifestHeldOut['derivatives'][string]): DerivativeErrors {
  const { informative, leakage } = found;
  return {
    relativeError: found.medianRelativeErrorInformative ?? found.medianRelativeError ?? found.relativeError,
    cosine: found.medianCosine1800 ?? found.medianCosine ?? found.cosine,
    ...(informative === undefined ? {} : { informative }),
    ...(leakage === undefined ? {} : { leakage }),
  };
}
