"""Tests of what the commands write into documents: /usr/bin/python3 -m unittest discover training"""
import contextlib
import io
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

try:
    import matplotlib
    import torch
except ImportError as error:
    torch = None
    print(f'tests of figures skipped: {error} (on Debian: apt-get install python3-torch python3-matplotlib)')


class Markdown(unittest.TestCase):
    def test_table_is_laid_out_as_prettier_does(self):
        from markdown import table

        self.assertEqual(table(['a', 'b'], [['T_eff', '≤ 1'], ['x', '12.25']]),
                         '| a     |     b |\n| ----- | ----: |\n| T_eff |   ≤ 1 |\n| x     | 12.25 |')

    def test_only_what_is_between_the_markers_changes(self):
        from markdown import MarkerError, write_between

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'page.md')
            with open(path, 'w', encoding='utf-8') as file:
                file.write('before\n<!-- a -->\nold\n<!-- /a -->\nafter\n<!-- b -->\n<!-- /b -->\n')
            for _ in range(2):
                write_between(path, 'a', 'new\n')
            with open(path, encoding='utf-8') as file:
                self.assertEqual(file.read(), 'before\n<!-- a -->\n\nnew\n\n<!-- /a -->\nafter\n<!-- b -->\n<!-- /b -->\n')
            with self.assertRaises(MarkerError):
                write_between(path, 'c', 'nowhere')


@unittest.skipIf(torch is None, 'PyTorch or Matplotlib is not installed')
class Figures(unittest.TestCase):
    def test_document_and_pictures_of_a_toy_bundle(self):
        import figures
        import synthetic
        import toy

        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            bundle, heldout, docs = (os.path.join(folder, name) for name in ('bundle', 'heldout', 'docs'))
            toy.make(bundle, 'mlp', steps=5)
            synthetic.write(heldout, 6, count=120, seed=2)  # the set that toy.py evaluates on
            os.makedirs(docs)
            here = os.path.dirname(os.path.abspath(__file__))
            with open(os.path.join(here, '../docs/emulator.md'), encoding='utf-8') as source, \
                    open(os.path.join(docs, 'emulator.md'), 'w', encoding='utf-8') as target:
                target.write(source.read())
            figures.figures(bundle, heldout, docs)
            with open(os.path.join(docs, 'emulator.md'), encoding='utf-8') as file:
                text = file.read()
            mae = figures.Bundle(bundle).manifest['heldOut']['r1800']['mae']
            self.assertRegex(text, rf'\| 1800 \| +{100 * mae:.3f} \|')
            self.assertIn('`toy-mlp`', text)
            self.assertEqual(sum(line.startswith(('| Mg ', '| log g ')) for line in text.splitlines()), 2)
            for name in ('heldout.png', 'derivatives.png'):
                self.assertGreater(os.path.getsize(os.path.join(docs, 'emulator', name)), 10_000)


if __name__ == '__main__':
    unittest.main()
