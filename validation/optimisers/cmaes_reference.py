"""The reference side of `npm run validate -- cmaes`: the `cmaes` package on standard functions.

Reads a JSON list of runs from stdin: case, function, n, start, sigma, target, population, restarts, maxEvaluations, seed.
Writes one JSON object per line: first {"version"}, then {"case", "seed", "evaluations", "reached"} as each run ends.
"""

import json
import sys

import numpy as np

try:
    import cmaes
except ImportError:
    sys.exit(3)


def sphere(x):
    return float(np.sum(x * x))


def ellipsoid(x):
    n = len(x)
    return float(np.sum(10 ** (6 * np.arange(n) / (n - 1)) * x * x))


def rosenbrock(x):
    return float(np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))


def rastrigin(x):
    return float(np.sum(x * x - 10 * np.cos(2 * np.pi * x) + 10))


FUNCTIONS = {f.__name__: f for f in (sphere, ellipsoid, rosenbrock, rastrigin)}


def run(task):
    """Restarts from the same mean and sigma with twice the population, as the TypeScript side does."""
    function = FUNCTIONS[task["function"]]
    evaluations = 0
    for restart in range(task["restarts"] + 1):
        strategy = cmaes.CMA(
            mean=np.full(task["n"], float(task["start"])),
            sigma=task["sigma"],
            seed=1000 * task["seed"] + restart,
            population_size=task["population"] * 2**restart,
        )
        while True:
            if evaluations + strategy.population_size > task["maxEvaluations"]:
                return evaluations, False
            solutions = []
            for _ in range(strategy.population_size):
                x = strategy.ask()
                solutions.append((x, function(x)))
            evaluations += len(solutions)
            if min(value for _, value in solutions) <= task["target"]:
                return evaluations, True
            strategy.tell(solutions)
            if strategy.should_stop():
                break
    return evaluations, False


def say(result):
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    tasks = json.load(sys.stdin)
    say({"version": cmaes.__version__})
    for one in tasks:
        count, reached = run(one)
        say({"case": one["case"], "seed": one["seed"], "evaluations": count, "reached": reached})
