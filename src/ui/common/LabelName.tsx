import { labelTitle } from '../../domain/labels.ts';

/** A label as papers print it: T with a lowered eff. */
export function LabelName({ name }: { readonly name: string }) {
  const [head = '', tail] = labelTitle(name).split('_');
  return tail === undefined ? (
    <>{head}</>
  ) : (
    <>
      <i>{head}</i>
      <sub>{tail}</sub>
    </>
  );
}
