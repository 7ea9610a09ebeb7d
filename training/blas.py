"""
Which kernels of OpenBLAS are fastest here, and whether they are right. OpenBLAS picks its kernels by the name of the CPU; an old one does
not know new CPUs and may take slow ones. OPENBLAS_CORETYPE names others. This runs products of the sizes of training under each
name, in a process of its own, and holds them to float64. A PyTorch with another BLAS shows the same speed under every name.
"""
import argparse
import os
import subprocess
import sys
import time

CORES = ('', 'Haswell', 'SkylakeX')
# Spectra times patches, width in, width out: the layers of the network, forward; and the two products of their backward pass.
SHAPE = (16 * 75, 128, 256)
# Of float32 sums of this length, relative to the largest value.
TOLERANCE = 1e-5


def measure(seconds=0.5):
    """GFLOP per second of CPU of one thread, and the largest error over the largest value."""
    import numpy as np
    import torch

    torch.set_num_threads(1)
    random = np.random.default_rng(1)
    n, wide, out = SHAPE
    x, w, g = (random.standard_normal(shape) for shape in ((n, wide), (wide, out), (n, out)))
    a, b, c = (torch.tensor(array, dtype=torch.float32) for array in (x, w, g))
    products = (lambda: a @ b, lambda: a.t() @ c, lambda: c @ b.t())
    worst = max(float(np.abs(product().numpy() - truth).max() / np.abs(truth).max()) for product, truth in zip(products, (x @ w, x.T @ g, g @ w.T)))
    rounds, started = 0, time.process_time()
    while time.process_time() - started < seconds:
        for product in products:
            product()
        rounds += 1
    return 3 * rounds * 2 * n * wide * out / (time.process_time() - started) / 1e9, worst


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--one', action='store_true', help='measure in this process, under the present OPENBLAS_CORETYPE')
    parser.add_argument('--cores', nargs='+', default=list(CORES), help='names to try (default: its own choice, Haswell, SkylakeX)')
    arguments = parser.parse_args()
    if arguments.one:
        speed, error = measure()
        print(f'{speed:6.1f} GFLOP/s, error {error:.1e}: ' + ('right' if error < TOLERANCE else 'WRONG, do not use'))
        sys.exit()
    for core in arguments.cores:
        environment = {key: value for key, value in os.environ.items() if key != 'OPENBLAS_CORETYPE'}
        environment.update({'OPENBLAS_CORETYPE': core} if core else {}, OMP_NUM_THREADS='1')
        done = subprocess.run([sys.executable, os.path.abspath(__file__), '--one'], env=environment, capture_output=True, text=True)
        # A CPU without the instructions of a kernel ends the process.
        said = done.stdout.strip() if done.returncode == 0 else f'does not run here (ended with {done.returncode})'
        print(f'OPENBLAS_CORETYPE={core or "(unset)":10s} {said}', flush=True)
