"""Tests of the atlas of derivatives on a tiny synthetic set: /usr/bin/python3 -m unittest discover training"""
import contextlib
import io
import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

try:
    import numpy as np
except ImportError as error:
    np = None
    print(f'atlas tests skipped: {error} (on Debian: apt-get install python3-numpy)')


@unittest.skipIf(np is None, 'numpy is not installed')
class Atlas(unittest.TestCase):
    def test_written_derivatives_are_those_of_the_set(self):
        import atlas
        import synthetic
        from dataset import Dataset

        with tempfile.TemporaryDirectory() as folder:
            synthetic.write(os.path.join(folder, 'set'), 20, count=120, seed=1, chunk=7)
            with contextlib.redirect_stdout(io.StringIO()):
                atlas.write_atlas(os.path.join(folder, 'set'), os.path.join(folder, 'out'), 6)
            with open(os.path.join(folder, 'out', 'abinitio.json'), encoding='utf-8') as file:
                written = json.load(file)
            q = np.fromfile(os.path.join(folder, 'out', 'abinitio.bin'), dtype=np.int8).astype(np.float64)
            data = Dataset(os.path.join(folder, 'set'))
            count = written['grid']['count']
            self.assertEqual(len(written['stars']), 6)
            q = q.reshape(6, len(data.labels), count)
            kernel = atlas.smoothing_kernel(data.info['grid']['lnStep'], data.info['resolvingPower'], atlas.RESOLVING_POWER)
            found = 0
            for path in data.chunks:
                with np.load(path) as chunk:
                    for values, derivatives in zip(chunk['labels'].astype(np.float64), chunk['derivatives'].astype(np.float64)):
                        for k, star in enumerate(written['stars']):
                            if not np.allclose(star['labels'], values, rtol=1e-5, atol=1e-6):
                                continue
                            found += 1
                            for j, scale in enumerate(star['scales']):
                                truth = atlas.smoothed(derivatives[j] / data.derivative_unit[j], kernel)[:: atlas.STRIDE]
                                back = scale * np.sign(q[k, j]) * (q[k, j] / 127) ** 2
                                # Half a step of the square root: 2 sqrt(x) / 254 + (1 / 254)^2 of the scale.
                                self.assertLessEqual(np.max(np.abs(back - truth)), 0.0081 * scale + 1e-12)
            self.assertEqual(found, 6)

    def test_stars_are_well_spread(self):
        import atlas

        points = np.array([[0.0], [0.1], [0.2], [1.0], [0.95], [-1.0], [0.5]])
        self.assertEqual(atlas.well_spread(points, 0, 4), [0, 3, 5, 6])
        self.assertEqual(len(atlas.well_spread(points, 0, 99)), len(points))

    def test_smoothing_keeps_the_level_and_the_area(self):
        import atlas

        kernel = atlas.smoothing_kernel(1 / 15000, 5000, 1800)
        np.testing.assert_allclose(atlas.smoothed(np.full(400, 2.5), kernel), 2.5)
        spike = np.zeros(400)
        spike[200] = 1
        blurred = atlas.smoothed(spike, kernel)
        self.assertAlmostEqual(blurred.sum(), 1)
        sigma = np.sqrt(np.sum(blurred * (np.arange(400) - 200) ** 2)) / 15000
        self.assertAlmostEqual(sigma * 2.35482, np.sqrt(1 / 1800**2 - 1 / 5000**2), delta=2e-6)


if __name__ == '__main__':
    unittest.main()
