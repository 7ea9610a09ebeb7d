"""The tables of docs/emulator.md about one bundle, from the heldOut of its manifest (evaluate.py)."""
from evaluate import GOALS, PARAMETERS, SURVEY_R
from heldout_derivatives import SHARE
from markdown import table


def percent(value, digits=3):
    return '–' if value is None else f'{100 * value:.{digits}f}'


def flux_table(manifest):
    """Errors of the flux at both resolving powers, in %, with the goals."""
    held = manifest['heldOut']
    rows = []
    for power, errors, mae, p99 in (
        (manifest['resolvingPower'], held, GOALS['mae'], GOALS['percentile99']), (SURVEY_R, held[f'r{SURVEY_R}'], GOALS['mae1800'], None),
    ):
        rows.append([
            f'{power:g}', percent(errors['mae']), f'≤ {100 * mae:g}', percent(errors['medianOverSpectra']), percent(errors['worstSpectrum']),
            percent(errors['percentile99']), '' if p99 is None else f'≤ {100 * p99:g}',
        ])
    return table(['R', 'mean absolute', 'goal', 'median star', 'worst star', '99th percentile', 'goal'], rows)


def map_table(manifest):
    """Mean error in % and number of stars, over T_eff, log g and [Fe/H]."""
    cells = manifest['heldOut']['map']
    span = lambda pair, digits: f'{pair[0]:.{digits}f} … {pair[1]:.{digits}f}'
    columns = list(dict.fromkeys(span(cell['feh'], 1) for cell in cells))
    rows = {}
    for cell in cells:
        text = '–' if cell['mae'] is None else f'{percent(cell["mae"])} ({cell["spectra"]})'
        rows.setdefault((span(cell['teff'], 0), span(cell['logg'], 1)), {})[span(cell['feh'], 1)] = text
    return table(['T_eff, K', 'log g', *(f'[Fe/H] {column}' for column in columns)],
                 [[*key, *(row[column] for column in columns)] for key, row in rows.items()])


def derivative_table(manifest):
    """Errors of the derivatives at R = 1800, in %."""
    held = manifest['heldOut']
    rows = []
    for name, d in held['derivatives'].items():
        rows.append([
            PARAMETERS.get(name, name), percent(d['medianRelativeError'], 1), percent(d['medianRelativeErrorInformative'], 1),
            f'{d["medianCosine1800"]:.4f}', f'{d["informativeStars"]} of {held["withDerivatives"]}', *(percent(d[key] if d['leakageStars'] else None, 1) for key in ('leakage', 'leakage95')),
        ])
    return table(['label', 'error, all stars', 'error, informative', 'cosine, informative', 'informative in', 'leakage', '95 %'], rows)


def derivative_summary(manifest):
    """Which labels meet the goals, in sentences."""
    rows = manifest['heldOut']['derivatives']
    carrying = {name: d for name, d in rows.items() if d['informative']}
    elements = {name: d for name, d in rows.items() if name not in PARAMETERS and d['leakageStars']}

    def sentence(what, of, missed):
        return f'{what}: {len(of) - len(missed)} of {len(of)} labels' + (f'; not {", ".join(PARAMETERS.get(n, n) for n in missed)}.' if missed else '.')

    bad = lambda of, key, limit: [n for n, d in of.items() if d[key] > limit]
    return '\n'.join(f'- {line}' for line in (
        sentence(f'Informative in at least {100 * SHARE:g} % of the stars', rows, [n for n in rows if n not in carrying]),
        sentence(f'Error ≤ {100 * GOALS["relativeError"]:g} %, median over all stars', rows, bad(rows, 'medianRelativeError', GOALS['relativeError'])),
        sentence(f'Error ≤ {100 * GOALS["relativeError"]:g} % where informative', carrying, bad(carrying, 'medianRelativeErrorInformative', GOALS['relativeError'])),
        sentence(f'Cosine ≥ {GOALS["cosine"]} where informative', carrying, [n for n, d in carrying.items() if d['medianCosine1800'] < GOALS['cosine']]),
        sentence(f'Elements with leakage ≤ {100 * GOALS["leakage"]:g} %, median over all stars', elements, bad(elements, 'leakage', GOALS['leakage'])),
    ))
