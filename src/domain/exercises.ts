/** Exercises of five minutes for a class or a curious reader: what a step sets on the page, what it asks, and the answer. */

/** What a step does to the page before it asks. */
export interface ExerciseScene {
  /** Wavelengths on show, Å, vacuum, rest; null for the whole range. */
  readonly window?: readonly [number, number] | null;
  /** Label whose derivative is shown. */
  readonly derivative?: string;
  /** Labels of the sliders by name; the Sun's where absent. */
  readonly labels?: Readonly<Record<string, number>>;
  /** The model of before this step stays on the plot, in grey. */
  readonly freeze?: boolean;
}

export interface ExerciseStep {
  readonly text: string;
  readonly question: string;
  readonly answer: string;
  readonly scene: ExerciseScene;
}

export interface Exercise {
  /** As in the address, `#learn=ID`. */
  readonly id: string;
  readonly title: string;
  /** The sample star it is done on. */
  readonly star: string;
  readonly steps: readonly ExerciseStep[];
}

export const EXERCISES: readonly Exercise[] = [
  {
    id: 'halpha',
    title: 'What makes Hα',
    star: 'sun',
    steps: [
      {
        text: 'This is the Sun around Hα, the line of hydrogen at 6564.6 Å, with a model of the Sun over it.',
        question: 'Move [Fe/H] down to −1.5. Which lines fade, and does Hα?',
        answer:
          'The narrow lines fade: they are of iron and other metals. Hα loses less than a tenth. A star’s hydrogen does not change with its metals.',
        scene: { window: [6480, 6650], derivative: 'feh', labels: {} },
      },
      {
        text: 'Iron is back at the Sun’s. The derivative below shows how each wavelength answers to temperature.',
        question: 'Move T_eff to 4500 K, then to 6800 K. When is Hα strongest, and in which part of its profile?',
        answer:
          'When hot, and in the wings. The line starts from the second level of hydrogen, 10.2 eV above the ground, and few atoms are there in a cool star. In the model its strength is 2.1 Å at 4500 K, 3.6 Å in the Sun, and 6.0 Å at 6800 K.',
        scene: { window: [6480, 6650], derivative: 'teff', labels: {} },
      },
      {
        text: 'Now the whole spectrum, with the derivative for temperature.',
        question: 'Where else does hydrogen show? Look for features that behave like Hα.',
        answer: 'At Hβ 4862.7 Å, Hγ 4341.7 Å and Hδ 4102.9 Å. Metal lines answer the other way: they weaken as the star gets hotter.',
        scene: { window: null, derivative: 'teff', labels: {} },
      },
    ],
  },
  {
    id: 'magnesium',
    title: 'Where magnesium is',
    star: 'sun',
    steps: [
      {
        text: 'The derivative below tells what changes when there is more magnesium and all else stays.',
        question: 'Which three wavelengths answer most? Move [Mg/Fe] to check.',
        answer: 'The Mg b triplet: 5168.8, 5174.1 and 5185.0 Å in vacuum. At this resolution the first blends with an iron line.',
        scene: { window: [5100, 5260], derivative: 'Mg', labels: {} },
      },
      {
        text: 'The same for the whole range.',
        question: 'Where else could magnesium be measured, away from the triplet?',
        answer:
          'At 5530 Å and 8809 Å, single lines of Mg I, and near 3832 Å in the crowded blue. Peaks of the derivative carry their wavelengths.',
        scene: { window: null, derivative: 'Mg', labels: {} },
      },
      {
        text: 'Back at the triplet, with the derivative for gravity. The grey curve is the Sun.',
        question: 'log g is now 3.4. Could a lower gravity be mistaken for less magnesium?',
        answer:
          'At the triplet, yes: its wings grow with pressure, and it loses 23 % of its strength. The line at 5530 Å loses 8 %. A fit uses both, and the Ca II lines, to tell them apart.',
        scene: { window: [5100, 5260], derivative: 'logg', labels: { logg: 3.4 }, freeze: true },
      },
    ],
  },
  {
    id: 'dwarf-giant',
    title: 'Dwarf or giant',
    star: 'sun',
    steps: [
      {
        text: 'The model is now a K dwarf: 4700 K, log g 4.6. The data are still the Sun’s; look at the model alone.',
        question: 'What are the two broad features, near 5175 Å and 5896 Å?',
        answer: 'The Mg b triplet with bands of MgH to its left, and the Na D doublet at 5891.6 and 5897.6 Å.',
        scene: { window: [5000, 6000], derivative: 'logg', labels: { teff: 4700, logg: 4.6 } },
      },
      {
        text: 'Now a giant of the same temperature, log g 2.3. The dwarf stays in grey.',
        question: 'What has become of the two features?',
        answer:
          'Both have shrunk: Na D to less than half (6.7 to 3.1 Å), Mg b by a third (17 to 12 Å). Their wings are made by pressure, which is low in a giant.',
        scene: { window: [5000, 6000], derivative: 'logg', labels: { teff: 4700, logg: 2.3, vmic: 1.5 }, freeze: true },
      },
      {
        text: 'The same two stars in the red, at the three lines of ionised calcium.',
        question: 'Do these lines get weaker in the giant, too?',
        answer:
          'No, stronger: 5.2 Å instead of 3.8 Å for the middle line. Lower pressure lowers the opacity of H⁻ and one looks through more ionised calcium.',
        scene: { window: [8450, 8720], derivative: 'logg' },
      },
    ],
  },
  {
    id: 'blind',
    title: 'A blind star',
    star: 'sample-blind',
    steps: [
      {
        text: 'A simulated star with noise. Nothing is told about it, and its velocity is zero.',
        question: 'Is it hotter or cooler than the Sun? Move T_eff until the shape of Hα fits.',
        answer: 'Cooler: 5100 K. Hα alone tells it to within about 100 K.',
        scene: { window: [6480, 6650], derivative: 'teff', labels: {} },
      },
      {
        text: 'T_eff is now 5100 K. Look at the metals.',
        question: 'What are [Fe/H] and log g? Watch the residuals below the spectrum.',
        answer: '[Fe/H] is −0.40 and log g 3.40, a subgiant. Mg b and the many iron lines pull on both: change one, then the other.',
        scene: { window: [4900, 5400], derivative: 'feh', labels: { teff: 5100 } },
      },
      {
        text: 'Press Fit, and wait for the values on the right.',
        question: 'One element stands out from the others. Which?',
        answer:
          'Magnesium: [Mg/Fe] is +0.35, with [Ca/Fe] +0.20; all others are at 0. How far is the fit from the truth, in its own errors?',
        scene: { window: null, derivative: 'Mg' },
      },
    ],
  },
];

/** The exercise that an address names, `#learn=magnesium` (also beside other parts, split by `&`); null where it names none. */
export function exerciseIn(fragment: string): Exercise | null {
  const id = new URLSearchParams(fragment.replace(/^#/, '')).get('learn');
  return EXERCISES.find((one) => one.id === id) ?? null;
}
