"""Tests of the comparison with and without derivatives, on a toy set: /usr/bin/python3 -m unittest discover training"""
import contextlib
import io
import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

try:
    import torch
except ImportError as error:
    torch = None
    print(f'tests of the comparison skipped: {error} (on Debian: apt-get install python3-torch python3-numpy)')

MLP = {'width': 24, 'layers': 2, 'batch': 8}


@unittest.skipIf(torch is None, 'PyTorch is not installed')
class Comparison(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import prepare
        import synthetic

        torch.set_num_threads(1)
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = staticmethod(lambda name: os.path.join(cls.folder.name, name))
        synthetic.write(cls.path('train'), 24, count=120, seed=1)
        synthetic.write(cls.path('heldout'), 4, count=120, seed=2)
        with contextlib.redirect_stdout(io.StringIO()):
            prepare.prepare(cls.path('train'), cls.path('prepared'), patch_size=20, components=10)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_sizes_on_the_command_line(self):
        from compare import key_values

        self.assertEqual(key_values('width=64,learningRate=1e-3,activation=silu'), {'width': 64, 'learningRate': 1e-3, 'activation': 'silu'})

    def test_without_derivatives_one_pass_gives_the_loss_of_two(self):
        import train
        from compare import flux_loss, without_jacobian
        from network import create_network

        prepared = train.Prepared(without_jacobian(self.path('prepared'), self.path('flux-only')))
        recipe = train.complete({'network': 'mlp', **MLP, 'derivativeWeight': 0.0})
        self.assertEqual(len(prepared.jacobian), 0)
        self.assertTrue(torch.equal(prepared.coefficients, train.Prepared(self.path('prepared')).coefficients))
        batch, k = train.draw(prepared, recipe, 0, 0, 1, 'cpu')
        model, loss = create_network('mlp', prepared.sizes(recipe)), train.Loss(prepared, recipe, 'cpu')
        one, two = flux_loss(model, loss, batch, k, recipe), train.batch_loss(model, loss, batch, k, recipe)
        self.assertEqual(k, 0)
        self.assertGreater(float(two[0]), 0)
        for a, b in zip(one, two):
            self.assertAlmostEqual(float(a), float(b), places=6)

    def test_runs_are_made_once_and_other_settings_refused(self):
        import compare
        import prior

        def run(minutes=0.003):
            with contextlib.redirect_stdout(io.StringIO()) as said:
                entries = compare.compare(self.path('prepared'), self.path('heldout'), self.path('runs'), (16, 24), minutes, ('mlp',), {'mlp': MLP})
            return entries, said.getvalue()

        entries, said = run()
        self.assertIn('4 of 4 runs to make', said)
        self.assertEqual([entry['name'] for entry in entries], ['mlp-16-with', 'mlp-16-without', 'mlp-24-with', 'mlp-24-without'])
        self.assertEqual([entry['settings']['recipe'].get('derivativeWeight') for entry in entries], [None, 0.0] * 2)
        for entry in entries:
            state = torch.load(os.path.join(self.path('runs'), entry['name'], 'checkpoint.pt'))
            self.assertEqual((state['step'], state['finished']), (entry['steps'], True))
        # One is lost: it alone is made again, of as many steps as planned.
        results = os.path.join(self.path('runs'), 'results.json')
        with open(results, 'w', encoding='utf-8') as file:
            json.dump(entries[1:], file)
        again, said = run()
        self.assertIn('1 of 4 runs to make', said)
        self.assertEqual((again[0]['steps'], again[0]['mae'], again[1:]), (entries[0]['steps'], entries[0]['mae'], entries[1:]))
        with self.assertRaises(SystemExit):
            run(minutes=1)
        text = prior.prior_text(entries)
        self.assertEqual(sum(line.startswith('| perceptron') for line in text.splitlines()), 4)
        with contextlib.suppress(ImportError):
            import matplotlib

            prior.draw_prior(entries, self.path('prior.png'))
            self.assertGreater(os.path.getsize(self.path('prior.png')), 10_000)

    def test_more_stars_than_there_are_is_refused(self):
        import compare

        with self.assertRaises(SystemExit):
            compare.compare(self.path('prepared'), self.path('heldout'), self.path('more'), (25,), 1)


if __name__ == '__main__':
    unittest.main()
