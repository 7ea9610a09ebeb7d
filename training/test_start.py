"""Tests of starting a run from a finished bundle (start.py) on a tiny synthetic set: /usr/bin/python3 -m unittest discover training"""
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

RECIPES = {
    'transformer': {'width': 16, 'layers': 1, 'heads': 2, 'code': 8, 'codeWidth': 12, 'batch': 8, 'learningRate': 3e-3},
    'mlp': {'network': 'mlp', 'width': 24, 'layers': 2, 'batch': 8, 'learningRate': 3e-3},
}


@unittest.skipIf(torch is None, 'PyTorch is not installed')
class Start(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import export
        import prepare
        import synthetic
        import train

        torch.set_num_threads(1)
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = staticmethod(lambda name: os.path.join(cls.folder.name, name))
        with contextlib.redirect_stdout(io.StringIO()):
            for name, seed in (('first', 1), ('second', 4)):
                synthetic.write(cls.path(name), 40, count=120, seed=seed)
            # The second set's box is wider, so that its labels are scaled in another way.
            about = cls.path('second/dataset.json')
            with open(about, encoding='utf-8') as file:
                dataset = json.load(file)
            dataset['ranges']['vmic'] = [0.1, 6]
            dataset['ranges']['teff'] = [3900, 7900]
            with open(about, 'w', encoding='utf-8') as file:
                json.dump(dataset, file)
            # As many components as pixels: the new basis then holds all that the old one does.
            prepare.prepare(cls.path('first'), cls.path('prepared-first'), patch_size=20, components=10)
            prepare.prepare(cls.path('second'), cls.path('prepared-second'), patch_size=20, components=20)
            for name, recipe in RECIPES.items():
                train.train(cls.path('prepared-first'), cls.path(name), recipe, steps=400, cpu=True)
                export.export(cls.path(name), cls.path(f'{name}-bundle'), name, name, dtype='float32')

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_flux_is_kept_in_another_frame_of_labels_and_basis(self):
        from bundle import Bundle
        from network import create_network
        from start import load_start
        from train import Prepared, complete

        prepared = Prepared(self.path('prepared-second'))
        for name, recipe in RECIPES.items():
            full = complete(recipe)
            model = create_network(full['network'], prepared.sizes(full))
            load_start(model, self.path(f'{name}-bundle'), prepared)
            bundle = Bundle(self.path(f'{name}-bundle'))
            labels = bundle.centre + bundle.half_range * np.sin(np.arange(5)[:, None] + 2.3 * np.arange(33))
            x = (labels - prepared.info['centre']) / np.array(prepared.info['halfRange'])
            with torch.no_grad():
                y = model(torch.tensor(x, dtype=torch.float32)).numpy().reshape(5, 6, 20) * prepared.scale
            flux = (np.einsum('npk,pki->npi', y, prepared.basis) + prepared.mean).reshape(5, -1)
            np.testing.assert_allclose(flux, bundle.flux((labels - bundle.centre) / bundle.half_range), atol=2e-4)

    def test_a_run_begins_with_it_says_so_and_is_ahead_at_first(self):
        import train

        losses = {}
        for start in (None, self.path('transformer-bundle')):
            out = self.path(f'run-{start is None}')
            with contextlib.redirect_stdout(io.StringIO()):
                train.train(self.path('prepared-second'), out, RECIPES['transformer'], steps=20, cpu=True, start=start, log_every=0.0)
            with open(os.path.join(out, 'log.jsonl'), encoding='utf-8') as file:
                losses[start is None] = json.loads(file.readline())['flux']
            state = torch.load(os.path.join(out, 'checkpoint.pt'))
            self.assertEqual(state['recipe']['start'][:11], 'transformer' if start else '')
        self.assertLess(losses[False], 0.8 * losses[True])

    def test_other_sizes_are_refused_by_name(self):
        from network import create_network
        from start import StartError, load_start
        from train import Prepared, complete

        prepared = Prepared(self.path('prepared-second'))
        full = complete({**RECIPES['transformer'], 'width': 32})
        with self.assertRaisesRegex(StartError, 'width 16, and the run 32'):
            load_start(create_network('transformer', prepared.sizes(full)), self.path('transformer-bundle'), prepared)
        with self.assertRaisesRegex(StartError, 'give --network'):
            load_start(create_network('mlp', prepared.sizes(complete(RECIPES['mlp']))), self.path('transformer-bundle'), prepared)


if __name__ == '__main__':
    unittest.main()
