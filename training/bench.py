"""
What a bundle costs in PyTorch on this machine: CPU milliseconds of one thread as JSON, for `npm run bench -- emulator`, which calls this.

Float32, the network as it was trained (nothing folded), from scaled labels to pixels; medians after a warm-up.
"""
import argparse
import json
import statistics
import time

import torch

from bundle import Bundle


def pixels(bundle):
    """Scaled labels [n, labels] -> flux [n, count], in float32 and differentiable."""
    model = bundle.model.float()
    scale, basis, mean = (torch.tensor(bundle.arrays[name], dtype=torch.float32) for name in ('scale', 'basis', 'mean'))

    def flux(x):
        y = model(x).view(len(x), *scale.shape) * scale
        return (torch.bmm(y.transpose(0, 1), basis).transpose(0, 1) + mean).reshape(len(x), -1)

    return flux


def median_milliseconds(repeat, work):
    work()
    times = []
    for _ in range(repeat):
        start = time.process_time()
        work()
        times.append(1e3 * (time.process_time() - start))
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('bundle', help='folder with manifest.json')
    parser.add_argument('--repeat', type=int, default=20)
    parser.add_argument('--batch', type=int, default=16)
    args = parser.parse_args()
    torch.set_num_threads(1)
    bundle = Bundle(args.bundle)
    flux = pixels(bundle)
    labels = len(bundle.names)
    one, many = (0.5 * torch.sin(torch.arange(n * labels, dtype=torch.float32)).view(n, labels) for n in (1, args.batch))

    def gradient():
        x = one.clone().requires_grad_()
        value = flux(x)
        value.backward(value.detach() - 1)

    def forward(x):
        with torch.no_grad():
            flux(x)

    print(json.dumps({
        'version': torch.__version__,
        'forward': median_milliseconds(args.repeat, lambda: forward(one)),
        'batched': median_milliseconds(-(-args.repeat // 4), lambda: forward(many)) / args.batch,
        'gradient': median_milliseconds(-(-args.repeat // 2), gradient),
    }))


if __name__ == '__main__':
    main()
