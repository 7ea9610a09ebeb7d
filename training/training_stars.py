"""Where the training stars lie, coarsely, for the distance to the nearest (src/domain/trainingStars.ts, which reads what this writes)."""
import base64

import numpy as np

# What shapes a spectrum as a whole; an entry of several labels is their mean.
COORDINATES = [['teff'], ['logg'], ['vmic'], ['feh'], ['C'], ['N'], ['O'], ['Mg', 'Si', 'Ca', 'Ti']]
REACH = 4


def training_stars(names, labels):
    """The manifest's table for labels [stars, labels] in their own units; coordinates of labels that are not there are left out."""
    kept = [of for of in COORDINATES if all(name in names for name in of)]
    values = np.array([np.mean([labels[:, names.index(name)] for name in of], axis=0) for of in kept], dtype=float).T
    mean, spread = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-9)
    at = (values - mean) / spread
    nearest = []
    for i in range(len(at)):
        square = ((at - at[i]) ** 2).sum(axis=1)
        square[i] = np.inf
        nearest.append(np.sqrt(square.min()))
    table = np.rint((np.clip(at, -REACH, REACH) + REACH) * 255 / (2 * REACH)).astype(np.uint8)
    return {
        'coordinates': [{'of': of, 'mean': float(m), 'spread': float(s)} for of, m, s in zip(kept, mean, spread)],
        'typical': float(np.median(nearest)),
        'table': base64.b64encode(table.tobytes()).decode('ascii'),
    }
