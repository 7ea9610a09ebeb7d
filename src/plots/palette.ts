/** Colours of the figures: Okabe & Ito (2008) for traces, greys for everything else. */
export interface Palette {
  readonly paper: string;
  readonly text: string;
  readonly grid: string;
  readonly axis: string;
  readonly data: string;
  readonly band: string;
  /** Behind the model: its own error. */
  readonly modelBand: string;
  readonly masked: string;
  /** What a person leaves out. */
  readonly byHand: string;
  readonly model: string;
  readonly continuum: string;
  readonly residual: string;
  readonly derivative: string;
  readonly raw: string;
  readonly calibrated: string;
  readonly faint: string;
  readonly truth: string;
  readonly clipped: string;
  readonly carrier: string;
}

const LIGHT: Palette = {
  paper: '#ffffff',
  text: '#1f2328',
  grid: '#e9ebee',
  axis: '#8b929a',
  data: '#22262b',
  band: 'rgba(34, 38, 43, 0.16)',
  modelBand: 'rgba(213, 94, 0, 0.2)',
  masked: 'rgba(110, 118, 129, 0.13)',
  byHand: 'rgba(179, 38, 30, 0.14)',
  model: '#d55e00',
  continuum: '#0072b2',
  residual: '#4a5058',
  derivative: '#0072b2',
  raw: '#4a5058',
  calibrated: '#00805d',
  faint: '#b4bac1',
  truth: '#b0568a',
  clipped: '#b3261e',
  carrier: 'rgba(0, 128, 93, 0.16)',
};

const DARK: Palette = {
  paper: '#15181c',
  text: '#d5d9de',
  grid: '#262b31',
  axis: '#6b737c',
  data: '#d5d9de',
  band: 'rgba(213, 217, 222, 0.18)',
  modelBand: 'rgba(255, 139, 61, 0.24)',
  masked: 'rgba(139, 148, 158, 0.16)',
  byHand: 'rgba(255, 138, 128, 0.2)',
  model: '#ff8b3d',
  continuum: '#56b4e9',
  residual: '#a9b1ba',
  derivative: '#56b4e9',
  raw: '#b9c0c8',
  calibrated: '#1fc08f',
  faint: '#565e67',
  truth: '#e29cc3',
  clipped: '#ff8a80',
  carrier: 'rgba(31, 192, 143, 0.2)',
};

export type Appearance = 'light' | 'dark';
export const palettes: Readonly<Record<Appearance, Palette>> = { light: LIGHT, dark: DARK };
