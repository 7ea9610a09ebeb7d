"""
Errors of the held-out derivatives, label by label: pooled at the native resolution, and per star at R = 1800 where the label's
information is.

The pixels that count are those that hold 90 % of a label's Fisher information in that star: the smallest set of pixels with 90 %
of sum (dF/dlabel)^2, noise being the same in all. A label carries information in a star if, everything else known, it could be
measured there at S/N 100 per pixel to better than its limit (LIMITS): sigma = 1 / (100 sqrt(sum (dF/dlabel)^2)), the Cramer-Rao
bound. Where it could not, the derivative is too small for its error to matter, and often too small to be learnt.
"""
import numpy as np

INFORMATION = 0.9
SNR = 100.0
# K, dex, km/s; every element and [Fe/H] 0.3 dex.
LIMITS = {'teff': 100.0, 'logg': 0.3, 'vmic': 0.5}
ELEMENT_LIMIT = 0.3
# A label is called informative if it is so in this share of the stars.
SHARE = 0.1
# An ab initio derivative below this part of its own peak in that star counts as zero: there, what the network says is leakage.
ZERO = 0.002


def compare(model, truth):
    """Relative error ||model - truth|| / ||truth|| and cosine, per label, on the pixels that hold 90 % of the information. [labels, pixels]; NaN where the truth is zero throughout."""
    square = truth**2
    ordered = -np.sort(-square, axis=1)
    total = ordered.sum(axis=1, keepdims=True)
    last = (np.cumsum(ordered, axis=1) < INFORMATION * total).sum(axis=1)
    chosen = square >= np.take_along_axis(ordered, np.minimum(last, square.shape[1] - 1)[:, None], axis=1)
    own, other = (square * chosen).sum(axis=1), (model**2 * chosen).sum(axis=1)
    own = np.where(own > 0, own, np.nan)
    relative = np.sqrt(((model - truth) ** 2 * chosen).sum(axis=1) / own)
    return relative, (model * truth * chosen).sum(axis=1) / np.sqrt(own * np.maximum(other, 1e-30))


def leakage(model, truth):
    """Largest |model| where |truth| is below 0.2 % of its peak, over that peak, per label; NaN where no pixel is so, or all are."""
    peak = np.abs(truth).max(axis=1, keepdims=True)
    quiet = np.abs(truth) < ZERO * peak
    peak = np.where(quiet.any(axis=1), peak[:, 0], np.nan)
    return np.where(quiet, np.abs(model), 0).max(axis=1) / peak


def quantile(values, q, otherwise):
    """Percentile q of the values that are numbers; `otherwise` where none is."""
    values = values[np.isfinite(values)]
    return float(np.percentile(values, q)) if len(values) else otherwise


class DerivativeErrors:
    """Takes star after star; `half_range` turns dF/dx of the scaled label into one per K, dex or km/s."""

    def __init__(self, names, half_range, convolution):
        self.names, self.half_range, self.convolution = names, half_range, convolution
        self.stars, self.pixels = 0, 0
        self.square = self.truth = self.cross = self.model = 0
        self.rows = {key: [] for key in ('cosine', 'relative1800', 'cosine1800', 'sigma', 'leakage', 'leakageNative')}

    def add(self, model, truth):
        """One star: dF/dx [labels, count] of the network and ab initio, float64."""
        self.stars, self.pixels = self.stars + 1, truth.shape[1]
        own, other, product = (truth**2).sum(axis=1), (model**2).sum(axis=1), (model * truth).sum(axis=1)
        self.square, self.truth = self.square + ((model - truth) ** 2).sum(axis=1), self.truth + own
        self.cross, self.model = self.cross + product, self.model + other
        low_model, low_truth = (self.convolution(d)[:, :: self.convolution.stride] for d in (model, truth))
        relative, cosine = compare(low_model, low_truth)
        information = ((low_truth / self.half_range[:, None]) ** 2).sum(axis=1)
        found = {
            'cosine': product / np.sqrt(np.maximum(own * other, 1e-30)), 'relative1800': relative, 'cosine1800': cosine,
            'sigma': 1 / (SNR * np.sqrt(np.maximum(information, 1e-30))),
            'leakage': leakage(low_model, low_truth), 'leakageNative': leakage(model, truth),
        }
        for key, row in found.items():
            self.rows[key].append(row)

    def summary(self):
        """
        Per label, for the manifest. Pooled over stars and native pixels: relativeError, cosine, rms (per K, dex, km/s); medianCosine is
        of the stars' own. At R = 1800 on the pixels that hold the information: medianRelativeError of all stars,
        medianRelativeErrorInformative and medianCosine1800 of those in which the label carries information (of all stars if there
        is none). leakage and leakage95 are the median and the 95th percentile over stars at R = 1800, leakageNative the median at the
        native resolution, of the leakageStars in which some pixel has no derivative; 0 if there is no such star. A star in which
        the label does nothing at all has no relative error; if all are so, that is 1 and the cosine 0.
        """
        rows = {key: np.array(value) for key, value in self.rows.items()}
        out = {}
        for j, name in enumerate(self.names):
            informative = rows['sigma'][:, j] < LIMITS.get(name, ELEMENT_LIMIT)
            of = informative if informative.any() else np.ones_like(informative)
            leakage = rows['leakage'][:, j]
            out[name] = {
                'relativeError': float(np.sqrt(self.square[j] / max(self.truth[j], 1e-30))),
                'cosine': float(self.cross[j] / np.sqrt(max(self.truth[j] * self.model[j], 1e-30))),
                'medianCosine': float(np.median(rows['cosine'][:, j])),
                'rms': float(np.sqrt(self.truth[j] / (self.stars * self.pixels)) / self.half_range[j]),
                'medianRelativeError': quantile(rows['relative1800'][:, j], 50, 1.0),
                'medianRelativeErrorInformative': quantile(rows['relative1800'][of, j], 50, 1.0),
                'medianCosine1800': quantile(rows['cosine1800'][of, j], 50, 0.0),
                'informative': bool(informative.mean() >= SHARE), 'informativeStars': int(informative.sum()),
                'leakage': quantile(leakage, 50, 0.0), 'leakage95': quantile(leakage, 95, 0.0),
                'leakageNative': quantile(rows['leakageNative'][:, j], 50, 0.0), 'leakageStars': int(np.isfinite(leakage).sum()),
            }
        return out
