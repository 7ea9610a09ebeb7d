"""Errors of the held-out flux: over all pixels, per 100 A, and over the Kiel diagram."""
import numpy as np

# Edges inside the training range of the map over T_eff, log g and [Fe/H]; its outer edges are those of the range.
MAP_EDGES = {'teff': (4750, 5500, 6250), 'logg': (2, 3.5), 'feh': (-1.5, -0.5)}


def per_100(errors, wavelength):
    """Mean absolute error and 99th percentile of errors [n, count] in every 100 A; wavelength [count] in A."""
    wavelength = np.round(wavelength, 6)  # the grid begins at 3700 A but for the rounding of exp and ln
    parts = []
    for low in range(int(wavelength[0] // 100) * 100, int(wavelength[-1]) + 1, 100):
        inside = (wavelength >= low) & (wavelength < low + 100)
        if inside.any():
            part = errors[:, inside]
            parts.append({'from': low, 'to': low + 100, 'mae': float(part.mean(dtype=np.float64)), 'percentile99': float(np.percentile(part, 99))})
    return parts


def flux_statistics(errors, wavelength):
    """What the manifest says of absolute errors [n, count] at one resolving power. The median and the worst are of the spectra's means."""
    of_spectra = errors.mean(axis=1, dtype=np.float64)
    return {
        'mae': float(of_spectra.mean()), 'medianOverSpectra': float(np.median(of_spectra)), 'worstSpectrum': float(of_spectra.max()),
        'rms': float(np.sqrt((errors.astype(np.float64) ** 2).mean())), 'percentile99': float(np.percentile(errors, 99)),
        'per100': per_100(errors, wavelength),
    }


def error_map(labels, of_spectra, ranges):
    """
    Mean error and number of spectra in cells of T_eff (K), log g and [Fe/H]. labels: name -> [n]; ranges: name -> (min, max); a value
    on an edge between cells belongs to the upper one, what lies outside the range to the outermost. mae is None where no spectrum lies.
    """
    edges = {name: [ranges[name][0], *(e for e in inner if ranges[name][0] < e < ranges[name][1]), ranges[name][1]] for name, inner in MAP_EDGES.items()}
    cell = {name: np.digitize(labels[name], edge[1:-1]) for name, edge in edges.items()}
    cells = []
    for t in range(len(edges['teff']) - 1):
        for g in range(len(edges['logg']) - 1):
            for m in range(len(edges['feh']) - 1):
                inside = (cell['teff'] == t) & (cell['logg'] == g) & (cell['feh'] == m)
                where = {name: edges[name][i : i + 2] for name, i in (('teff', t), ('logg', g), ('feh', m))}
                cells.append({**where, 'spectra': int(inside.sum()), 'mae': float(of_spectra[inside].mean()) if inside.any() else None})
    return cells
