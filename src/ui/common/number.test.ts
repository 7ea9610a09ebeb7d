import { describe, expect, it } from 'vitest';
import { numberProblem, typedNumber } from './number.ts';

describe('a typed number', () => {
  it('has a point or a comma, and either minus', () => {
    expect(['5100', ' 5100.5 ', '5000,5', '-0.3', '−0.3', '1e3'].map(typedNumber)).toEqual([5100, 5100.5, 5000.5, -0.3, -0.3, 1000]);
  });
  it('is nothing else', () => {
    expect(['', ' ', 'abc', '5,000,5', '5 100', '1.2.3'].map(typedNumber)).toEqual([NaN, NaN, NaN, NaN, NaN, NaN]);
  });
  it('is refused with its bounds', () => {
    expect(numberProblem('5100', 4000, 7300)).toBeNull();
    expect(numberProblem('9000', 4000, 7300)).toBe('9000 is not between 4000 and 7300.');
    expect(numberProblem('abc', 4000, 7300)).toBe('“abc” is not a number.');
    expect(numberProblem(' ', 4000, 7300)).toBe('A number is missing.');
  });
});
