import { describe, expect, it } from 'vitest';

import { createTinyBundle, createTinyMlp } from '../../testing/tinyBundle.ts';
import { parseManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { modelCard } from './modelCard.ts';

const { manifest } = createTinyBundle(1, { patches: 4, patchSize: 20 });
const bin = { from: 3700, to: 3800, mae: 0.004, percentile99: 0.02 };
/** What the first bundles say of their held-out stars. */
const first = {
  ...{ spectra: 30, withDerivatives: 20, seed: 2, date: '2026-01-01', mae: 0.002, rms: 0.003, percentile99: 0.01, per100: [bin] },
  derivatives: { teff: { relativeError: 0.1, cosine: 0.99, medianCosine: 0.995 } },
};

/** The manifest as it would be read from a file. */
function read(heldOut: unknown): Manifest {
  const parsed = parseManifest(JSON.parse(JSON.stringify({ ...manifest, heldOut })));
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
}

describe('the model card', () => {
  it('tells range, network, sources and limits, and that nothing was measured', () => {
    const card = modelCard(read(null));
    expect(card.heldOut).toBeNull();
    expect(card.network).toMatch(/^Transformer over 4 patches of 20 pixels, 1 layer of width 8, 0\.\d million parameters$/);
    expect(card.labels).toHaveLength(33);
    expect(card.labels[0]).toMatchObject({ name: 'teff', min: 4000, max: 7000, unit: 'K' });
    expect(card.limits).toEqual(['It has learned nothing.']);
    expect(modelCard(createTinyMlp(2).manifest).network).toMatch(/^Multilayer perceptron, 2 layers of width 16/);
  });

  it('tells the errors of a manifest that knows no more than the first did', () => {
    const { heldOut } = modelCard(read(first));
    expect(heldOut).toEqual({
      ...{ date: '2026-01-01', spectra: 30, native: { mae: 0.002, percentile99: 0.01, per100: [bin] } },
      derivatives: { teff: { relativeError: 0.1, cosine: 0.995 } },
    });
  });

  it('tells errors at R = 1800, over the Kiel diagram, and of derivatives where they carry information, if they were measured', () => {
    const cell = { teff: [4000, 5000], logg: [0.5, 2], feh: [-2.5, -1], spectra: 0, mae: null };
    const eu = {
      ...{ relativeError: 0.9, cosine: 0.4, medianCosine: 0.5, medianRelativeError: 0.8, medianRelativeErrorInformative: 0.2 },
      ...{ medianCosine1800: 0.97, informative: false, informativeStars: 3, leakage: 0.03 },
    };
    const { heldOut } = modelCard(read({ ...first, r1800: { mae: 0.0004, percentile99: 0.003 }, map: [cell], derivatives: { Eu: eu } }));
    expect(heldOut?.r1800).toEqual({ mae: 0.0004, percentile99: 0.003, per100: [] });
    expect(heldOut?.map).toEqual([cell]);
    expect(heldOut?.derivatives).toEqual({ Eu: { relativeError: 0.2, cosine: 0.97, informative: false, leakage: 0.03 } });
  });
});
