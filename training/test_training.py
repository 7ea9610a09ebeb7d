"""Tests of the training code on a tiny synthetic set: /usr/bin/python3 -m unittest discover training"""
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
    import torch
except ImportError as error:
    torch = None
    print(f'training tests skipped: {error} (on Debian: apt-get install python3-torch python3-numpy)')

TINY_MLP = {'network': 'mlp', 'width': 24, 'layers': 2, 'batch': 8, 'learningRate': 3e-3, 'warmup': 0.1}
TINY = {'width': 16, 'layers': 1, 'heads': 2, 'batch': 8, 'learningRate': 3e-3, 'warmup': 0.1}


@unittest.skipIf(torch is None, 'PyTorch is not installed')
class Training(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import prepare
        import synthetic

        torch.set_num_threads(1)
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = staticmethod(lambda name: os.path.join(cls.folder.name, name))
        synthetic.write(cls.path('train'), 48, count=120, seed=1, chunk=13)
        synthetic.write(cls.path('heldout'), 8, count=120, seed=2)
        with contextlib.redirect_stdout(io.StringIO()):
            prepare.prepare(cls.path('train'), cls.path('prepared'), patch_size=20, components=10)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_training(self, name, recipe=None, prepared='prepared', tiny=TINY, **options):
        import train

        with contextlib.redirect_stdout(io.StringIO()):
            train.train(self.path(prepared), self.path(name), {**tiny, **(recipe or {})}, cpu=True, **options)
        return torch.load(os.path.join(self.path(name), 'checkpoint.pt'))

    def make_bundle(self, run, dtype='float16'):
        import export

        with contextlib.redirect_stdout(io.StringIO()):
            return export.export(self.path(run), self.path('bundle-' + run + dtype), 'tiny', 'A tiny model', dtype=dtype)

    def evaluate(self, run, dtype='float16'):
        import evaluate

        with contextlib.redirect_stdout(io.StringIO()):
            return evaluate.evaluate(self.path('bundle-' + run + dtype), self.path('heldout'))

    def test_basis_is_orthonormal_and_holds_the_spectra(self):
        from dataset import Dataset
        from train import Prepared

        prepared = Prepared(self.path('prepared'))
        gram = np.einsum('pki,pli->pkl', prepared.basis, prepared.basis)
        self.assertLess(np.abs(gram - np.eye(10)).max(), 1e-10)
        flux = np.concatenate([chunk[2] for chunk in Dataset(self.path('train')).read()])
        x = np.concatenate([chunk[1] for chunk in Dataset(self.path('train')).read()])
        np.testing.assert_allclose(prepared.x.numpy(), x, atol=1e-6)
        coefficients = prepared.coefficients.numpy().reshape(48, 6, 10) * prepared.scale
        back = np.einsum('npk,pki->npi', coefficients, prepared.basis) + prepared.mean
        self.assertLess(np.abs(back.reshape(48, -1) - flux).mean(), 0.1 * np.abs(flux - flux.mean(axis=0)).mean())

    def test_an_error_of_coefficients_is_an_error_of_pixels(self):
        from train import DEFAULTS, Loss, Prepared

        prepared = Prepared(self.path('prepared'))
        loss = Loss(prepared, {**DEFAULTS, 'loss': 'square'}, 'cpu')
        residual = torch.randn(5, 60, generator=torch.Generator().manual_seed(1))
        pixels = np.einsum('npk,pki->npi', residual.numpy().reshape(5, 6, 10) * prepared.scale, prepared.basis)
        self.assertAlmostEqual(float(loss(residual, 1.0)), float((pixels**2).mean()), delta=1e-6 * (pixels**2).mean())

    def test_resumed_run_is_the_uninterrupted_one(self):
        whole = self.run_training('whole', steps=12)
        self.run_training('parts', steps=12, stop_after=5)
        parts = self.run_training('parts', steps=12)
        self.assertEqual(parts['step'], 12)
        self.assertTrue(parts['finished'])
        for a, b in zip(whole['average'], parts['average']):
            self.assertTrue(torch.equal(a, b))

    def test_two_processes_make_one_run(self):
        state = self.run_training('pair', steps=6, processes=2)
        self.assertEqual((state['step'], state['processes'], state['samples']), (6, 2, 48))

    def test_another_recipe_does_not_resume(self):
        self.run_training('fixed', steps=4, stop_after=2)
        with self.assertRaises(SystemExit):
            self.run_training('fixed', {'learningRate': 1e-5}, steps=4)

    def test_derivative_term_lowers_the_error_of_derivatives(self):
        errors = {}
        for name, weight in (('with', 3.0), ('without', 0.0)):
            self.run_training(name, {'derivativeWeight': weight}, steps=150)
            self.make_bundle(name)
            found = self.evaluate(name)['derivatives']
            errors[name] = np.median([label['relativeError'] for label in found.values()])
        self.assertLess(errors['with'], 0.9 * errors['without'])

    def test_mlp_resumed_exported_and_evaluated(self):
        from bundle import Bundle

        whole = self.run_training('mlp', tiny=TINY_MLP, steps=400)
        self.run_training('mlp-parts', tiny=TINY_MLP, steps=400, stop_after=100)
        parts = self.run_training('mlp-parts', tiny=TINY_MLP, steps=400)
        for a, b in zip(whole['average'], parts['average']):
            self.assertTrue(torch.equal(a, b))
        architecture = self.make_bundle('mlp')['architecture']
        self.assertEqual((architecture['name'], architecture['layers'], architecture['activation']), ('mlp', 2, 'silu'))
        self.assertNotIn('heads', architecture)
        self.run_training('mlp-untrained', tiny=TINY_MLP, steps=400, stop_after=1)
        self.make_bundle('mlp-untrained')
        self.assertLess(self.evaluate('mlp')['mae'], 0.9 * self.evaluate('mlp-untrained')['mae'])
        # The weights of the file give the network that was trained: to its rounding.
        bundle, model = Bundle(self.path('bundle-mlpfloat16')), self.network_of(whole)
        x = torch.linspace(-0.5, 0.5, 33)[None]
        with torch.no_grad():
            np.testing.assert_allclose(bundle.model(x.double()).numpy(), model(x).numpy(), atol=5e-3)

    @staticmethod
    def network_of(state):
        from network import create_network

        model = create_network(state['recipe']['network'], state['sizes'])
        with torch.no_grad():
            for parameter, average in zip(model.parameters(), state['average']):
                parameter.copy_(average)
        return model

    def test_derivatives_by_dual_numbers_are_those_of_differences(self):
        from bundle import Bundle
        from jacobian import Jacobian

        for name, tiny in (('duals', TINY), ('mlp-duals', TINY_MLP)):
            self.run_training(name, tiny=tiny, steps=20)
            self.make_bundle(name)
            bundle = Bundle(self.path(f'bundle-{name}float16'))
            x = 0.6 * np.sin(np.arange(33))
            truth = bundle.jacobian(x, 1e-4)
            np.testing.assert_allclose(Jacobian(bundle)(x), truth, atol=1e-5 * np.abs(truth).max())

    def test_mlp_derivative_term_lowers_the_error_of_derivatives(self):
        errors = {}
        for name, weight in (('mlp-with', 3.0), ('mlp-without', 0.0)):
            self.run_training(name, {'derivativeWeight': weight}, tiny=TINY_MLP, steps=150)
            self.make_bundle(name)
            found = self.evaluate(name)['derivatives']
            errors[name] = np.median([label['relativeError'] for label in found.values()])
        self.assertLess(errors['mlp-with'], 0.9 * errors['mlp-without'])

    def test_leaky_relu_bends_at_zero_with_slope_a_hundredth(self):
        from network import create_network

        sizes = {'labels': 1, 'patches': 1, 'patchSize': 1, 'components': 1, 'width': 1, 'layers': 1, 'activation': 'leaky-relu'}
        model = create_network('mlp', sizes)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.fill_(1.0 if parameter.dim() > 1 else 0.0)
            np.testing.assert_allclose(model(torch.tensor([[2.0], [-2.0]])).numpy(), [[2.0], [-0.02]], atol=1e-7)

    def test_recipe_of_another_network_is_refused(self):
        from network import NetworkError

        with self.assertRaises(SystemExit):
            self.run_training('odd', {'heads': 4}, tiny=TINY_MLP, steps=1)
        with self.assertRaises(NetworkError):
            self.run_training('odd', {'network': 'perceptron'}, tiny={}, steps=1)

    def test_checkpoint_from_before_there_were_two_networks_resumes(self):
        whole = self.run_training('now', steps=6)
        state = self.run_training('before', steps=6, stop_after=3)
        del state['recipe']['network']
        torch.save(state, os.path.join(self.path('before'), 'checkpoint.pt'))
        for a, b in zip(whole['average'], self.run_training('before', steps=6)['average']):
            self.assertTrue(torch.equal(a, b))

    def test_bundle(self):
        from bundle import Bundle, BundleError
        from dataset import Dataset
        from lsf import Convolution

        self.run_training('bundled', steps=30)
        manifest = self.make_bundle('bundled')
        self.make_bundle('bundled', 'float32')
        self.assertEqual(manifest['architecture']['labels'], 33)
        self.assertEqual(manifest['trainedOn']['spectra'], 48)
        self.assertEqual(manifest['trainedOn']['withDerivatives'], 48)
        self.assertIsNone(manifest['heldOutMae'])
        half, full = self.evaluate('bundled'), self.evaluate('bundled', 'float32')
        self.assertLess(abs(half['mae'] - full['mae']), 0.02 * full['mae'])
        with open(self.path('bundle-bundledfloat16/manifest.json'), encoding='utf-8') as file:
            written = json.load(file)
        self.assertEqual(written['heldOutMae'], half['mae'])
        self.assertEqual(len(written['heldOut']['derivatives']), 33)
        self.assertEqual(sum(cell['spectra'] for cell in written['heldOut']['map']), 8)
        bundle = Bundle(self.path('bundle-bundledfloat16'))
        x = (np.array(written['check']['labels']) - bundle.centre) / bundle.half_range
        np.testing.assert_allclose(bundle.flux(x[None])[0][written['check']['pixels']], written['check']['flux'], atol=1e-6)
        # At R = 1800 the error is that of model and truth, each convolved by itself.
        convolve = Convolution(written['grid']['lnStep'], 5000, 1800)
        ((_, x, flux, _),) = Dataset(self.path('heldout')).read()
        expected = np.abs(convolve(bundle.flux(x)) - convolve(flux.astype(np.float64))).mean()
        self.assertAlmostEqual(written['heldOut']['r1800']['mae'], expected, delta=1e-5 * expected)
        with open(self.path('bundle-bundledfloat16/weights.bin'), 'r+b') as file:
            file.write(b'\1\2')
        with self.assertRaises(BundleError):
            Bundle(self.path('bundle-bundledfloat16'))

    def test_training_stars_lie_where_the_table_says(self):
        import base64

        from training_stars import training_stars

        names = ['teff', 'Mg', 'Si', 'Ca', 'Ti']
        labels = np.random.default_rng(3).normal([5500, 0, 0.1, 0.2, 0.3], [400, 0.2, 0.2, 0.2, 0.2], (60, 5))
        told = training_stars(names, labels)
        self.assertEqual([one['of'] for one in told['coordinates']], [['teff'], ['Mg', 'Si', 'Ca', 'Ti']])
        at = np.frombuffer(base64.b64decode(told['table']), np.uint8).reshape(60, 2) / 255 * 8 - 4
        alpha = told['coordinates'][1]
        np.testing.assert_allclose(at[:, 1] * alpha['spread'] + alpha['mean'], labels[:, 1:].mean(axis=1), atol=0.02 * alpha['spread'])
        self.assertTrue(0.05 < told['typical'] < 0.5)

    def test_small_run_goes_the_whole_way_and_its_loss_falls(self):
        import json

        import smallrun

        def run():
            with contextlib.redirect_stdout(io.StringIO()):
                return smallrun.small_run(self.path('long'), self.path('heldout-long'), self.path('small'), 16, 3, TINY_MLP)

        import synthetic

        for name, stars, seed in (('long', 16, 1), ('heldout-long', 2, 2)):  # of as many pixels as prepare.py's patches want
            synthetic.write(self.path(name), stars, count=360, seed=seed)
        first = run()
        self.assertEqual(first['steps'], 12)
        for key in ('flux', 'derivative'):
            self.assertLess(first['after'][key], first['before'][key])
        with open(self.path('small/bundle/truth.json'), encoding='utf-8') as file:
            self.assertEqual(len(json.load(file)['flux']), 360)
        again = run()
        self.assertNotIn('prepare', again['seconds'])
        self.assertEqual((again['before'], again['after']), (first['before'], first['after']))

    def test_matrix_products_are_right(self):
        import blas

        speed, error = blas.measure(0.01)
        self.assertGreater(speed, 0)
        self.assertLess(error, blas.TOLERANCE)



@unittest.skipIf(torch is None, 'PyTorch is not installed')
class MuonSteps(unittest.TestCase):
    def test_a_step_is_nearly_orthogonal_and_keeps_the_singular_vectors(self):
        from muon import orthogonal

        for shape in ((40, 12), (12, 40)):
            matrix = torch.randn(*shape, generator=torch.Generator().manual_seed(1))
            step = orthogonal(matrix)
            values = torch.linalg.svdvals(step)
            self.assertGreater(float(values.min()), 0.6)
            self.assertLess(float(values.max()), 1.3)
            u, _, v = torch.linalg.svd(matrix, full_matrices=False)
            self.assertLess(float((step - u @ torch.diag(torch.diag(u.t() @ step @ v.t())) @ v).abs().max()), 1e-4)


if __name__ == '__main__':
    unittest.main()
