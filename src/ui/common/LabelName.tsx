import { labelTitle } from '../../domain/labels.ts';

/** A label as papers print it: T with a lowered eff; an element by [X/Fe], or by [X/H] where the scale says so. */
export function LabelName({ name, scale = 'xfe' }: { readonly name: string; readonly scale?: 'xh' | 'xfe' }) {
  const [head = '', tail] = labelTitle(name, scale).split('_');
  return tail === undefined ? (
    <>{head}</>
  ) : (
    <>
      <i>{head}</i>
      <sub>{tail}</sub>
    </>
  );
}
