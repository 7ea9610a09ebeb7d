/**
 * A view of the page as the fragment of its address, `#star=sun&element=Mg&window=5100-5250`: which star, and how it is shown. It names a file and never holds a
 * spectrum. A fragment may come from anybody: what is read of it is of a known form, and the rest is told.
 */
import * as z from 'zod';
import { LABELS, type LabelName } from '../domain/labels.ts';
import { isSampleStar } from '../domain/sampleStars.ts';
import type { Frame } from './settings.ts';
import type { AbundanceScale } from '../results/rows.ts';

/** The star that the page opens with, in a link. */
export const DEMO_STAR = 'demo';

/** What a link may say; what it does not say stays as it is. */
export interface ViewLink {
  /** A sample star by its id, or `DEMO_STAR`. */
  readonly star?: string;
  /** Name of the file with the spectrum, and which one of the file, from 1, where it is not the first. */
  readonly file?: string;
  readonly spectrum?: number;
  readonly model?: string;
  /** Labels of the sliders that are not those of the fit, by name: K, dex, km/s. */
  readonly labels?: Readonly<Partial<Record<LabelName, number>>>;
  /** Label whose derivative is shown. */
  readonly element?: LabelName;
  /** Wavelengths on show, Å, vacuum, in `frame`. */
  readonly window?: readonly [number, number];
  readonly frame?: Frame;
  readonly scale?: AbundanceScale;
}

/** A longer fragment is no link of ours. */
const LONGEST = 2000;

const labelName = z.enum(LABELS as [LabelName, ...LabelName[]]);
const numberText = z
  .string()
  .max(24)
  .regex(/^-?\d+(\.\d+)?(e-?\d+)?$/)
  .transform(Number);

/** `teff:5777,Mg:0.1` */
const labels = z.string().transform((text, context) => {
  const pairs = z
    .array(z.tuple([labelName, numberText]))
    .max(LABELS.length)
    .safeParse(text.split(',').map((pair) => pair.split(':')));
  if (pairs.success) return Object.fromEntries(pairs.data);
  context.addIssue('no labels');
  return z.NEVER;
});
/** `5100-5250` */
const window = z.string().transform((text, context): readonly [number, number] => {
  const ends = z.tuple([numberText, numberText]).safeParse(text.split('-'));
  if (ends.success && ends.data[0] >= 1000 && ends.data[1] <= 30_000 && ends.data[0] < ends.data[1]) return ends.data;
  context.addIssue('no window');
  return z.NEVER;
});

/** What each part of a link must be. */
const PARTS = {
  star: z.string().refine((id) => id === DEMO_STAR || isSampleStar(id)),
  file: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}/\\]+$/u),
  spectrum: z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .refine((place) => place > 1),
  model: z.string().regex(/^[\w.-]{1,80}$/),
  labels,
  element: labelName,
  window,
  frame: z.enum(['rest', 'observed']),
  scale: z.enum(['xh', 'xfe']),
} as const satisfies { readonly [Part in keyof ViewLink]-?: z.ZodType<NonNullable<ViewLink[Part]>> };
const NAMES = Object.keys(PARTS) as (keyof ViewLink)[];

/** The words that a bad part is told in; what it held is cut, as it may be anything. */
const unread = (name: string, text: string): string => `${name} “${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;

/** What a fragment says of a view, and the parts that are not understood, in words; null where it is of something else. */
export function readViewLink(fragment: string): { readonly view: ViewLink; readonly unread: readonly string[] } | null {
  const text = fragment.replace(/^#/, '');
  const parts = new URLSearchParams(text.slice(0, LONGEST));
  if (parts.has('learn') || !NAMES.some((name) => parts.has(name))) return null;
  if (text.length > LONGEST) return { view: {}, unread: [`all of it, which is longer than ${String(LONGEST)} letters`] };
  const read = NAMES.flatMap((name) => {
    const said = parts.get(name);
    return said === null ? [] : [{ name, said, parsed: PARTS[name].safeParse(said) }];
  });
  return {
    view: Object.fromEntries(read.flatMap(({ name, parsed }) => (parsed.success ? [[name, parsed.data]] : []))),
    unread: read.flatMap(({ name, said, parsed }) => (parsed.success ? [] : [unread(name, said)])),
  };
}

/** Six digits are more than a slider shows. */
const short = (value: number): string => String(Number(value.toPrecision(6)));

/** A view as a fragment, without its `#`. */
export function writeViewLink({ labels: moved = {}, window: shown, ...rest }: ViewLink): string {
  const texts: Readonly<Partial<Record<keyof ViewLink, string>>> = {
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)])),
    ...(Object.keys(moved).length === 0
      ? {}
      : {
          labels: Object.entries(moved)
            .map(([name, value]) => `${name}:${short(value)}`)
            .join(','),
        }),
    ...(shown === undefined ? {} : { window: shown.map((end) => end.toFixed(1).replace(/\.0$/, '')).join('-') }),
  };
  const plain = (text: string): string => encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('%2C', ',');
  return NAMES.flatMap((name) => {
    const text = texts[name];
    return text === undefined ? [] : [`${name}=${plain(text)}`];
  }).join('&');
}

/** Whether the derivative of a label by this name can be shown, as a link says it. */
export const isLabelName = (name: string): name is LabelName => labelName.safeParse(name).success;
