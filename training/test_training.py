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

    def run_training(self, name, recipe=None, prepared='prepared', **options):
        import train

        with contextlib.redirect_stdout(io.StringIO()):
            train.train(self.path(prepared), self.path(name), {**TINY, **(recipe or {})}, cpu=True, **options)
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

    def test_bundle(self):
        from bundle import Bundle, BundleError

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
        bundle = Bundle(self.path('bundle-bundledfloat16'))
        x = (np.array(written['check']['labels']) - bundle.centre) / bundle.half_range
        np.testing.assert_allclose(bundle.flux(x[None])[0][written['check']['pixels']], written['check']['flux'], atol=1e-6)
        with open(self.path('bundle-bundledfloat16/weights.bin'), 'r+b') as file:
            file.write(b'\1\2')
        with self.assertRaises(BundleError):
            Bundle(self.path('bundle-bundledfloat16'))


if __name__ == '__main__':
    unittest.main()
