/**
 * JSON of plain data that holds typed arrays and numbers that JSON cannot say. An array is `{"array": "Float64Array", "base64": "…"}` with the bytes
 * in little-endian order; NaN, infinities and −0 are `{"number": "NaN"}`. Everything else is as JSON has it, so that every bit comes back.
 */
const KINDS = { Float64Array, Float32Array, Int32Array, Uint8Array } as const;
type Kind = keyof typeof KINDS;

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
/** `String.fromCharCode` takes only so many arguments at once. */
const CHUNK = 0x8000;

/** Bytes in little-endian order; the same call brings them back. */
function ordered(bytes: Uint8Array, width: number): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes);
  if (LITTLE_ENDIAN) return copy;
  for (let at = 0; at < copy.length; at += width) copy.subarray(at, at + width).reverse();
  return copy;
}

function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return btoa(parts.join(''));
}

const kindOf = (value: unknown): Kind | undefined => (Object.keys(KINDS) as Kind[]).find((kind) => value instanceof KINDS[kind]);

/** The text of plain data with typed arrays of the four kinds that this program uses; throws on others, which no type of ours has. */
export function typedJson(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'number' && (!Number.isFinite(one) || Object.is(one, -0)))
      return { number: Object.is(one, -0) ? '-0' : String(one) };
    if (!ArrayBuffer.isView(one)) return one;
    const kind = kindOf(one);
    if (kind === undefined) throw new TypeError(`no text for a ${one.constructor.name}`);
    const bytes = new Uint8Array(one.buffer, one.byteOffset, one.byteLength);
    return { array: kind, base64: toBase64(ordered(bytes, KINDS[kind].BYTES_PER_ELEMENT)) };
  });
}

/** The data of such a text; throws a `SyntaxError` where it is no JSON, or an array's bytes cannot be read. */
export function parseTypedJson(text: string): unknown {
  return JSON.parse(text, (_, one: unknown) => {
    if (typeof one !== 'object' || one === null) return one;
    const keys = Object.keys(one);
    if ('number' in one && keys.length === 1 && typeof one.number === 'string') return Number(one.number);
    if (!('array' in one && 'base64' in one && keys.length === 2 && typeof one.base64 === 'string')) return one;
    const make = KINDS[one.array as Kind] as (typeof KINDS)[Kind] | undefined;
    if (make === undefined) throw new SyntaxError(`an array of the unknown kind ${String(one.array)}`);
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = ordered(
        Uint8Array.from(atob(one.base64), (letter) => letter.charCodeAt(0)),
        make.BYTES_PER_ELEMENT,
      );
    } catch {
      throw new SyntaxError(`the bytes of a ${String(one.array)} are no base64`);
    }
    if (bytes.length % make.BYTES_PER_ELEMENT !== 0) throw new SyntaxError(`a ${String(one.array)} of ${String(bytes.length)} bytes`);
    return new make(bytes.buffer);
  });
}
