"""What a bundle gives here, in float64, for other implementations to be held to: truth.json beside the bundle."""
import json
import os

import numpy as np

from bundle import Bundle


def write_truth(folder, derivatives=True):
    """Flux, and derivatives per unit of the label by central differences, at one label vector off the centre."""
    bundle = Bundle(folder)
    labels = bundle.centre + bundle.half_range * 0.4 * np.cos(1.1 * np.arange(len(bundle.centre)))
    x = (labels - bundle.centre) / bundle.half_range
    truth = {'labels': labels.tolist(), 'flux': bundle.flux(x[None])[0].tolist()}
    if derivatives:
        truth['derivatives'] = (bundle.jacobian(x, 1e-4) / bundle.half_range[:, None]).tolist()
    with open(os.path.join(folder, 'truth.json'), 'w', encoding='utf-8') as file:
        json.dump(truth, file)
