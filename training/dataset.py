"""Reads a training set: a folder with dataset.json and chunk-*.npz, as `maury trainingset` writes it."""
import glob
import json
import os

import numpy as np


class DatasetError(Exception):
    """The folder is not a usable training set; the message says what was found."""


class Dataset:
    """The description of a data set; spectra are read chunk by chunk, since the derivatives are large."""

    def __init__(self, folder, *more):
        self.folder = folder
        path = os.path.join(folder, 'dataset.json')
        if not os.path.exists(path):
            raise DatasetError(f'{path} does not exist: give a folder made by the training-set command')
        with open(path, encoding='utf-8') as file:
            self.info = json.load(file)
        self.labels = list(self.info['labels'])
        missing = [name for name in self.labels if name not in self.info['ranges']]
        if missing:
            raise DatasetError(f'{path}: no range for {missing}')
        ranges = np.array([self.info['ranges'][name] for name in self.labels], dtype=np.float64)
        self.minimum, self.maximum = ranges[:, 0], ranges[:, 1]
        self.centre = ranges.mean(axis=1)
        self.half_range = (ranges[:, 1] - ranges[:, 0]) / 2
        if not np.all(self.half_range > 0):
            raise DatasetError(f'{path}: every label needs a range of positive width, found {self.info["ranges"]}')
        # A set without derivatives has no unit for them.
        self.derivative_unit = np.array(self.info['derivativeUnit'] or np.ones(len(self.labels)), dtype=np.float64)
        grid = self.info['grid']
        self.count = int(grid['count'])
        self.wavelength = np.exp(grid['lnStart'] + np.arange(self.count) * grid['lnStep'])
        self.chunks = sorted(glob.glob(os.path.join(folder, 'chunk-*.npz')))
        if not self.chunks:
            raise DatasetError(f'{folder} has no chunk-*.npz')
        for other in more:
            extra = Dataset(other)
            different = [key for key in ('labels', 'ranges', 'grid', 'resolvingPower', 'lines', 'atmospheres', 'version') if extra.info[key] != self.info[key]]
            if different:
                raise DatasetError(f'{other} differs from {folder} in {different}')
            self.chunks += extra.chunks

    def scale_labels(self, labels):
        """x = (label - centre) / halfRange, so that the training box is [-1, 1]."""
        return (labels - self.centre) / self.half_range

    def read(self):
        """
        Yields per chunk: index [n], x [n, labels], flux [n, count] and derivatives dF/dx [n, labels, count] (float32; None
        where the chunk has none). Rows with values that are not finite are left out, with a line that says how many.
        """
        for path in self.chunks:
            try:
                with np.load(path) as chunk:
                    index = chunk['index']
                    x = self.scale_labels(chunk['labels'].astype(np.float64))
                    flux = chunk['flux'].astype(np.float32)
                    derivatives = chunk['derivatives'].astype(np.float32) if 'derivatives' in chunk.files else None
            except (OSError, ValueError, KeyError) as error:
                raise DatasetError(f'{path} cannot be read: {error}') from error
            good = np.isfinite(flux).all(axis=1) & np.isfinite(x).all(axis=1)
            if derivatives is not None:
                derivatives *= (self.half_range / self.derivative_unit).astype(np.float32)[None, :, None]
                good &= np.isfinite(derivatives).all(axis=(1, 2))
            if not good.all():
                print(f'{path}: {np.count_nonzero(~good)} of {len(good)} spectra left out (values that are not finite)')
                index, x, flux = index[good], x[good], flux[good]
                derivatives = derivatives[good] if derivatives is not None else None
            if len(index):
                yield index, x, flux, derivatives
