"""Table and picture of compare.py: errors against the number of training spectra, with derivatives and without."""
import os

from evaluate import SURVEY_R
from markdown import table, write_between

COLOURS = {'transformer': '#0072b2', 'mlp': '#d55e00'}  # Okabe-Ito
NAMES = {'transformer': 'transformer', 'mlp': 'perceptron'}
SIZES = {'width': 'width', 'layers': 'layers', 'heads': 'heads', 'mlpRatio': 'MLP ratio'}


def prior_text(entries):
    """The table of the entries, and what was compared, as Markdown."""
    percent = lambda value, digits: '–' if value is None else f'{100 * value:.{digits}f}'
    rows = [[
        NAMES[e['settings']['network']], str(e['settings']['stars']), 'yes' if e['settings']['derivatives'] else 'no', str(e['steps']),
        percent(e['mae'], 3), percent(e['mae1800'], 3), percent(e['derivativeError'], 1),
        '–' if e['derivativeCosine'] is None else f'{e["derivativeCosine"]:.4f}',
    ] for e in entries]
    head = ['network', 'spectra', 'derivative term', 'steps', 'flux, R = 5000', f'R = {SURVEY_R}', f'derivatives, R = {SURVEY_R}', 'cosine']
    first = {e['settings']['network']: e for e in entries}
    networks = '; '.join(describe(name, e) for name, e in first.items())
    minutes = sorted({e['settings']['minutes'] for e in entries})
    measured = [e['cpuMinutes'] for e in entries if e['cpuMinutes'] is not None]
    spent = f' (spent: {min(measured):.2g} to {max(measured):.2g})' if measured else ''
    kind = 'by the clock on CUDA' if entries[0]['settings']['cuda'] else 'of CPU, one thread'
    return (f'{" or ".join(f"{m:g}" for m in minutes)} min {kind}, each run{spent}. {networks}. Mean absolute error of flux in %, on {entries[0]["heldOut"]} '
            f'held-out stars; relative error of derivatives in % and their cosine, median over stars and then over the labels that carry information, '
            f'on {entries[0]["heldOutDerivatives"]} of them.\n\n{table(head, rows)}')


def describe(network, entry):
    """One network's sizes, in words."""
    recipe = entry['settings']['recipe']
    sizes = ', '.join(f'{title} {recipe[key]}' for key, title in SIZES.items() if key in recipe)
    return f'{NAMES[network]}: {sizes}, {entry["parameters"]} weights'


def draw_prior(entries, path):
    """Flux and derivative errors against training spectra."""
    import matplotlib

    matplotlib.use('Agg')
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(12, 3.8), constrained_layout=True)
    panels = (('mae', 'flux, R = 5000: mean absolute error, %'), ('mae1800', f'flux, R = {SURVEY_R}: mean absolute error, %'),
              ('derivativeError', f'derivatives, R = {SURVEY_R}: relative error, %'))
    for axis, (key, title) in zip(axes, panels):
        for network in COLOURS:
            for derivatives, style in ((True, 'o-'), (False, 's--')):
                points = sorted((e['settings']['stars'], 100 * e[key]) for e in entries if e[key] is not None
                                and e['settings']['network'] == network and e['settings']['derivatives'] == derivatives)
                if points:
                    axis.plot(*zip(*points), style, color=COLOURS[network], label=f'{NAMES[network]}, {"with" if derivatives else "without"} derivatives')
        stars = sorted({e['settings']['stars'] for e in entries})
        axis.set(xscale='log', yscale='log', xlabel='training spectra', ylabel=title)
        axis.set_xticks(stars, [str(n) for n in stars])
        axis.minorticks_off()
        axis.yaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter('%.3g'))
        axis.yaxis.set_major_locator(matplotlib.ticker.LogLocator(subs=(1, 2, 3, 5, 7)))
    axes[0].legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def write_prior(entries, docs):
    """The table between the markers of docs/emulator.md, and docs/emulator/prior.png."""
    os.makedirs(os.path.join(docs, 'emulator'), exist_ok=True)
    draw_prior(entries, os.path.join(docs, 'emulator', 'prior.png'))
    write_between(os.path.join(docs, 'emulator.md'), 'prior', prior_text(entries))
