"""Native spectra as a spectrograph of lower resolving power sees them: a Gaussian in ln lambda, on the native pixels."""
import math

import numpy as np

# The kernel ends here, in sigma: 6e-5 of a Gaussian lies beyond.
REACH = 4.0
# Pixels per FWHM of what a survey delivers, about (LAMOST: 2.4).
PER_FWHM = 2.5


def difference_sigma(native, target):
    """Sigma in ln lambda of the Gaussian between two resolving powers (FWHM = 1/R): sigma^2 = (1/target^2 - 1/native^2) / (8 ln 2)."""
    if not 0 < target < native:
        raise ValueError(f'from R = {native:g} one cannot convolve to R = {target:g}')
    return math.sqrt((1 / target**2 - 1 / native**2) / (8 * math.log(2)))


class Convolution:
    """
    From resolving power `native` to `target` on a grid of step `ln_step` in ln lambda. Pixels whose kernel reaches over an end of the
    grid (`reach` of them at each end, 4 sigma) are left out of the result. `stride`: every so many native pixels make one of the
    spectrograph's, of about 2.5 per FWHM.
    """

    def __init__(self, ln_step, native, target):
        sigma = difference_sigma(native, target) / ln_step
        self.target = target
        self.reach = math.ceil(REACH * sigma)
        kernel = np.exp(-0.5 * (np.arange(self.reach + 1) / sigma) ** 2)
        self.kernel = kernel / (kernel[0] + 2 * kernel[1:].sum())  # the half from the centre on
        self.stride = max(1, round(1 / (PER_FWHM * target * ln_step)))

    def __call__(self, spectra):
        """[..., count] -> [..., count - 2 reach], in the precision given."""
        n, m = spectra.shape[-1], self.reach
        if n <= 2 * m:
            raise ValueError(f'{n} pixels are fewer than the kernel has ({2 * m + 1})')
        out = spectra[..., m : n - m] * spectra.dtype.type(self.kernel[0])
        for k in range(1, m + 1):
            out += spectra.dtype.type(self.kernel[k]) * (spectra[..., m - k : n - m - k] + spectra[..., m + k : n - m + k])
        return out

    def wavelength(self, wavelength):
        """The wavelengths of the result's pixels."""
        return wavelength[self.reach : len(wavelength) - self.reach]
