import { expect, it } from 'vitest';
import { Gate } from './gate.ts';
import { poolSize } from './poolSize.ts';

it('one worker per core on wasm, as far as memory goes, and never none; one on a GPU', () => {
  expect([1, 2, 6, 64].map((cores) => poolSize('wasm', cores, null))).toEqual([1, 2, 6, 8]);
  expect([0.25, 1, 2, 8].map((memory) => poolSize('wasm', 8, memory))).toEqual([1, 2, 4, 8]);
  expect(poolSize('webgpu', 16, 8)).toBe(1);
  expect(poolSize('reference', 2, 8)).toBe(2);
});

it('a gate holds while it is closed, and closing twice needs one opening', async () => {
  const gate = new Gate();
  expect(gate.held()).toBeNull();
  gate.close();
  const first = gate.held();
  gate.close();
  expect(gate.held()).toBe(first);
  gate.open();
  await first;
  expect(gate.held()).toBeNull();
});
