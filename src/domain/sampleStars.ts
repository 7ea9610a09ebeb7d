/** Stars that the page offers to whoever has no file at hand: the Sun, observed, and stars that the model itself makes. */
export interface SampleStar {
  readonly id: string;
  readonly title: string;
  /** What it is, in a few words. */
  readonly text: string;
  /** Labels of a simulated star by name (K, dex, km/s), the Sun's where absent; null for an observed one, which is a file of the site. */
  readonly labels: Readonly<Record<string, number>> | null;
  /** Of the noise and the velocity. */
  readonly seed: number;
}

const alpha = (value: number): Record<string, number> =>
  Object.fromEntries(['O', 'Mg', 'Si', 'S', 'Ca', 'Ti'].map((element) => [element, value]));

/** The star of an exercise: its truth is not told with its spectrum. */
export const BLIND_STAR: SampleStar = {
  id: 'sample-blind',
  title: 'A blind star',
  text: 'simulated',
  labels: { teff: 5100, logg: 3.4, vmic: 1.2, feh: -0.4, Mg: 0.35, Ca: 0.2 },
  seed: 21,
};

export const SAMPLE_STARS: readonly SampleStar[] = [
  {
    id: 'sun',
    title: 'The Sun',
    text: 'real: TSIS-1 hybrid solar reference (Coddington et al. 2021), blurred to R = 1800',
    labels: null,
    seed: 0,
  },
  {
    id: 'sample-k-giant',
    title: 'A K giant',
    text: 'simulated: cool, solar in metals, carbon dredged down and nitrogen up',
    labels: { teff: 4600, logg: 2.4, vmic: 1.5, feh: 0.05, C: -0.15, N: 0.3, Na: 0.1 },
    seed: 11,
  },
  {
    id: 'sample-metal-poor-giant',
    title: 'A metal-poor giant',
    text: 'simulated: a hundredth of the Sun’s iron, with strong α-elements',
    labels: { teff: 4850, logg: 1.9, vmic: 1.8, feh: -2, ...alpha(0.4), Ba: -0.1, Mn: -0.3 },
    seed: 12,
  },
  {
    id: 'sample-alpha-subgiant',
    title: 'An α-rich subgiant',
    text: 'simulated: a star of the thick disc, rich in Mg, Si, Ca and Ti for its iron',
    labels: { teff: 5650, logg: 3.9, vmic: 1.2, feh: -0.6, ...alpha(0.3), Mn: -0.15 },
    seed: 13,
  },
];

/** Whether a spectrum is one of the sample stars. */
export const isSampleStar = (spectrumId: string): boolean => [...SAMPLE_STARS, BLIND_STAR].some(({ id }) => id === spectrumId);
