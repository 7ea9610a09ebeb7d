/**
 * A small assembler for WebAssembly: just what the kernels of this folder need, so that they are written and unrolled in TypeScript and need
 * no tool chain. Code is a list of bytes; an expression takes the code of its operands, so it reads like the formula. Numbers of opcodes are
 * those of the WebAssembly core specification 2.0 (section 5.4) and of its relaxed-SIMD extension.
 */
export type Code = readonly number[];
export type ValueType = 'i32' | 'f32' | 'v128';

const TYPES: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };
const SIMD = 0xfd;

/** A parameter or local variable of a function. */
export interface Local {
  readonly type: ValueType;
  readonly get: Code;
  set(value: Code): Code;
}

/** Unsigned integer in LEB128, the variable-length code of the binary format. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** Signed integer of 32 bits in LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(last ? low : low | 0x80);
    if (last) return bytes;
  }
}

const floatBytes = (value: number): Uint8Array => new Uint8Array(Float32Array.of(value).buffer);
const op =
  (...opcode: readonly number[]) =>
  (...operands: readonly Code[]): Code => [...operands.flat(), ...opcode];
const simd = (opcode: number): ((...operands: readonly Code[]) => Code) => op(SIMD, ...unsigned(opcode));
/** Alignment is a hint; 2² bytes are promised. */
const at = (offset: number): number[] => [2, ...unsigned(offset)];

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  add: op(0x6a),
  sub: op(0x6b),
  mul: op(0x6c),
  divide: op(0x6e),
  shiftLeft: op(0x74),
  equal: op(0x46),
  isZero: op(0x45),
};

export const f32 = {
  const: (value: number): Code => [0x43, ...floatBytes(value)],
  add: op(0x92),
  div: op(0x95),
  mul: op(0x94),
  max: op(0x97),
  sqrt: op(0x91),
  load: (address: Code, offset = 0): Code => [...address, 0x2a, ...at(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x38, ...at(offset)],
  fromInteger: op(0xb2),
};

/** Four float32 at once. */
export const f32x4 = {
  load: (address: Code, offset = 0): Code => [...address, SIMD, 0x00, ...at(offset)],
  /** One number in memory, four times. */
  loadSplat: (address: Code, offset = 0): Code => [...address, SIMD, 0x09, ...at(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, SIMD, 0x0b, ...at(offset)],
  const: (value: number): Code => [SIMD, 0x0c, ...[0, 1, 2, 3].flatMap(() => [...floatBytes(value)])],
  splat: simd(0x13),
  lane: (vector: Code, lane: number): Code => [...vector, SIMD, 0x1f, lane],
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  div: simd(0xe7),
  neg: simd(0xe1),
  min: simd(0xe8),
  max: simd(0xe9),
  greater: simd(0x44),
  nearest: simd(0x6a),
  /** a·b + c in one instruction, with one rounding or two as the processor has it. */
  relaxedMadd: simd(0x105),
  /** Bits of a where the mask is 1, of b elsewhere. */
  select: simd(0x52),
  toIntegers: simd(0xf8),
};

export const i32x4 = {
  const: (value: number): Code => [SIMD, 0x0c, ...[0, 1, 2, 3].flatMap(() => [...new Uint8Array(Int32Array.of(value).buffer)])],
  add: simd(0xae),
  shiftLeft: simd(0xab),
};

export const sequence = (...parts: readonly Code[]): Code => parts.flat();
export const call = (index: number, ...operands: readonly Code[]): Code => [...operands.flat(), 0x10, ...unsigned(index)];
export const when = (condition: Code, body: Code): Code => [...condition, 0x04, 0x40, ...body, 0x0b];

/** `body` `times` times, counting down in `counter`; none where `times` is 0. */
export const repeat = (counter: Local, times: Code, body: Code): Code =>
  sequence(
    counter.set(times),
    [0x02, 0x40],
    i32.isZero(counter.get),
    [0x0d, 0x00, 0x03, 0x40],
    body,
    counter.set(i32.sub(counter.get, i32.const(1))),
    counter.get,
    [0x0d, 0x00, 0x0b, 0x0b],
  );

/** A step of a pointer or counter. */
export const advance = (pointer: Local, by: Code | number): Code =>
  pointer.set(i32.add(pointer.get, typeof by === 'number' ? i32.const(by) : by));

interface Defined {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

type Parameters<Names extends string> = Readonly<Record<Names, ValueType>>;

/** A module of functions without results over one imported memory. */
export class ModuleBuilder {
  private readonly functions: Defined[] = [];

  /** Adds a function and exports it under its name; gives its index, for `call`. `write` gets its parameters and a maker of locals. */
  define<Names extends string>(
    name: string,
    parameters: Parameters<Names>,
    write: (parameters: Readonly<Record<Names, Local>>, local: (type: ValueType) => Local) => Code,
  ): number {
    const types = Object.values<ValueType>(parameters);
    const locals: ValueType[] = [];
    const variable = (index: number, type: ValueType): Local => ({
      type,
      get: [0x20, ...unsigned(index)],
      set: (value) => [...value, 0x21, ...unsigned(index)],
    });
    const named = Object.fromEntries(Object.keys(parameters).map((key, i) => [key, variable(i, types[i])]));
    const body = write(named as Record<Names, Local>, (type) => variable(types.length + locals.push(type) - 1, type));
    this.functions.push({ name, parameters: types, locals, body });
    return this.functions.length - 1;
  }

  /** The module in binary; it imports its memory as `host.memory`. */
  bytes(): Uint8Array<ArrayBuffer> {
    const { functions } = this;
    const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content];
    const list = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
    const text = (value: string): number[] => list([...new TextEncoder().encode(value)].map((byte) => [byte]));
    const code = functions.map(({ locals, body }) => {
      const content = [...list(locals.map((type) => [1, TYPES[type]])), ...body, 0x0b];
      return [...unsigned(content.length), ...content];
    });
    return Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, list(functions.map(({ parameters }) => [0x60, ...list(parameters.map((type) => [TYPES[type]])), 0x00]))),
      ...section(2, list([[...text('host'), ...text('memory'), 0x02, 0x00, 0x01]])),
      ...section(3, list(functions.map((_, index) => unsigned(index)))),
      ...section(7, list(functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]))),
      ...section(10, list(code)),
    ]);
  }
}
