"""Tests of what is said about held-out stars, on arrays whose answer is known: /usr/bin/python3 -m unittest discover training"""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

try:
    import numpy as np
except ImportError as error:
    np = None
    print(f'tests of held-out statistics skipped: {error} (on Debian: apt-get install python3-numpy)')

LN_STEP = 6.666e-5


def fwhm_in_ln(values):
    """FWHM of a Gaussian-like bump from its second moment, in ln lambda."""
    at = np.arange(len(values)) * LN_STEP
    mean = (values * at).sum() / values.sum()
    return np.sqrt(8 * np.log(2) * (values * (at - mean) ** 2).sum() / values.sum())


@unittest.skipIf(np is None, 'NumPy is not installed')
class Resolution(unittest.TestCase):
    def test_a_line_of_native_width_gets_the_width_of_the_survey(self):
        from lsf import Convolution

        sigma = 1 / 5000 / np.sqrt(8 * np.log(2))
        line = np.exp(-0.5 * (((np.arange(400) - 200.3) * LN_STEP) / sigma) ** 2)
        convolution = Convolution(LN_STEP, 5000, 1800)
        self.assertAlmostEqual(fwhm_in_ln(line), 1 / 5000, delta=1e-3 / 5000)
        self.assertAlmostEqual(fwhm_in_ln(convolution(line)), 1 / 1800, delta=1e-3 / 1800)
        self.assertAlmostEqual(convolution(line).sum(), line.sum(), delta=1e-6 * line.sum())

    def test_a_constant_stays_and_the_ends_are_left_out(self):
        from lsf import Convolution

        convolution = Convolution(LN_STEP, 5000, 1800)
        sigma = np.sqrt((1 / 1800**2 - 1 / 5000**2) / (8 * np.log(2))) / LN_STEP
        self.assertEqual(convolution.reach, int(np.ceil(4 * sigma)))
        flat = convolution(np.full((2, 100), 0.7, dtype=np.float32))
        self.assertEqual(flat.shape, (2, 100 - 2 * convolution.reach))
        self.assertEqual(flat.dtype, np.float32)
        np.testing.assert_allclose(flat, 0.7, rtol=1e-6)
        wavelength = convolution.wavelength(np.arange(100))
        self.assertEqual((wavelength[0], wavelength[-1]), (convolution.reach, 99 - convolution.reach))
        with self.assertRaises(ValueError):
            convolution(np.zeros(2 * convolution.reach))

    def test_a_higher_resolving_power_is_refused(self):
        from lsf import Convolution

        with self.assertRaises(ValueError):
            Convolution(LN_STEP, 5000, 6000)


@unittest.skipIf(np is None, 'NumPy is not installed')
class Flux(unittest.TestCase):
    def test_statistics_of_known_errors(self):
        from heldout_flux import flux_statistics

        errors = np.repeat([[0.01], [0.02], [0.06]], 300, axis=1).astype(np.float32)
        errors[:, 200:] *= 2
        found = flux_statistics(errors, np.arange(5000.0, 5300.0))
        self.assertAlmostEqual(found['mae'], 0.04, places=6)
        self.assertAlmostEqual(found['medianOverSpectra'], 0.02 * 4 / 3, places=6)
        self.assertAlmostEqual(found['worstSpectrum'], 0.08, places=6)
        self.assertEqual([part['from'] for part in found['per100']], [5000, 5100, 5200])
        np.testing.assert_allclose([part['mae'] for part in found['per100']], [0.03, 0.03, 0.06], rtol=1e-6)

    def test_every_star_lies_in_one_cell_of_the_map(self):
        from heldout_flux import error_map

        ranges = {'teff': (4000, 7300), 'logg': (0.5, 5), 'feh': (-2.5, 0.5)}
        random = np.random.default_rng(1)
        labels = {name: random.uniform(low, high, 200) for name, (low, high) in ranges.items()}
        labels['teff'][0], labels['logg'][0], labels['feh'][0] = 5500, 5, 0.5  # on the edges
        of_spectra = random.random(200)
        cells = error_map(labels, of_spectra, ranges)
        self.assertEqual(sum(cell['spectra'] for cell in cells), 200)
        self.assertAlmostEqual(sum(cell['spectra'] * (cell['mae'] or 0) for cell in cells), of_spectra.sum())
        self.assertEqual((cells[0]['teff'], cells[-1]['feh']), ([4000, 4750], [-0.5, 0.5]))
        one = error_map({name: value[:1] for name, value in labels.items()}, of_spectra[:1], ranges)
        (cell,) = (c for c in one if c['spectra'])
        self.assertEqual((cell['teff'], cell['logg'], cell['feh'], cell['mae']), ([5500, 6250], [3.5, 5], [-0.5, 0.5], of_spectra[0]))
        self.assertTrue(all(c['mae'] is None for c in one if not c['spectra']))


@unittest.skipIf(np is None, 'NumPy is not installed')
class Derivatives(unittest.TestCase):
    def test_only_pixels_with_information_count(self):
        from heldout_derivatives import compare

        truth = np.zeros((1, 100))
        truth[0, :4] = [3, -3, 3, 0.5]  # the first three hold 99 %, two of them 66 %
        model = truth * 1.1
        model[0, 3:] += 0.4
        relative, cosine = compare(model, truth)
        np.testing.assert_allclose((relative[0], cosine[0]), (0.1, 1.0), rtol=1e-12)
        relative, cosine = compare(np.abs(truth), truth)
        np.testing.assert_allclose((relative[0], cosine[0]), (2 / np.sqrt(3), 1 / 3), rtol=1e-12)

    def test_leakage_is_told_in_peaks_of_the_derivative(self):
        from heldout_derivatives import leakage

        truth = np.array([[0.0, 0.5, 0.0005, 0.4], [1.0, 1.0, 1.0, 1.0]])
        model = np.array([[0.01, 9.0, -0.02, 9.0], [9.0, 9.0, 9.0, 9.0]])
        found = leakage(model, truth)
        self.assertAlmostEqual(found[0], 0.04)
        self.assertTrue(np.isnan(found[1]))

    def test_a_label_carries_information_where_it_could_be_measured(self):
        from heldout_derivatives import DerivativeErrors
        from lsf import Convolution

        convolution = Convolution(LN_STEP, 5000, 1800)
        errors = DerivativeErrors(['teff', 'Eu'], np.array([1000.0, 0.5]), convolution)
        pixels = len(range(0, 300 - 2 * convolution.reach, convolution.stride))
        # At S/N 100 a flat derivative d gives sigma = 1 / (100 d sqrt(pixels)): the first star has 0.2 dex of Eu, the second 0.4.
        for sigma in (0.2, 0.4):
            truth = np.full((2, 300), 1.0)
            truth[1] = 0.5 / (100 * sigma * np.sqrt(pixels))
            errors.add(truth * np.array([[1.0], [1.2 if sigma < 0.3 else 1.6]]), truth)
        found = errors.summary()
        self.assertEqual((found['Eu']['informativeStars'], found['teff']['informativeStars']), (1, 2))
        self.assertTrue(found['Eu']['informative'])
        self.assertAlmostEqual(found['Eu']['medianRelativeErrorInformative'], 0.2, places=6)
        self.assertAlmostEqual(found['Eu']['medianRelativeError'], 0.4, places=6)
        self.assertAlmostEqual(found['teff']['rms'], 1 / 1000)
        self.assertEqual((found['teff']['leakage'], found['teff']['leakageStars']), (0, 0))

    def test_a_label_that_does_nothing_has_no_errors_that_are_numbers(self):
        from heldout_derivatives import compare, leakage

        with np.errstate(all='raise'):
            self.assertTrue(np.isnan([*compare(np.ones((1, 9)), np.zeros((1, 9))), leakage(np.ones((1, 9)), np.zeros((1, 9)))]).all())


if __name__ == '__main__':
    unittest.main()
