import type { EmulatorInfo } from '../../src/domain/emulator.ts';
import { outsideRange, outsideRangeText } from '../../src/domain/labelRange.ts';
import { brokenConditions, conditionText } from '../../src/domain/region.ts';
import { labelVector, type StellarLabels } from '../../src/domain/labels.ts';

/** How far labels lie outside the training range, in words; and labels given that the model does not have. */
export function rangeWarnings(stars: readonly StellarLabels[], info: EmulatorInfo): string[] {
  const known = new Set<string>(info.labels.map((label) => label.name));
  return stars.flatMap((star, i) => {
    const vector = labelVector(
      star,
      info.labels.map((label) => label.name),
    );
    const outside = outsideRange(info, vector).map((label) => `star ${String(i)}: ${outsideRangeText(label)}`);
    const broken = brokenConditions(info, vector).map((condition) => `star ${String(i)}: ${conditionText(condition)}`);
    const unknown = Object.entries(star.xfe).flatMap(([element, value]) =>
      known.has(element) || value === 0
        ? []
        : `star ${String(i)}: the model has no label ${element}, so [${element}/Fe] = ${String(value)} is left out`,
    );
    return [...outside, ...broken, ...unknown];
  });
}
