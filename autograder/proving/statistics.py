"""The few facts of probability that calibration stands on; pure.

None of them takes measurements for normal: they follow from ranks alone, so that they hold for any distribution, as
long as the runs are independent draws from it.
"""

import math

__all__ = ["false_fail_probability", "rounded_down", "runs_needed", "upper_bound"]


def false_fail_probability(right_runs: int, tries: int = 2) -> float:
    """Probability that a right submission misses, in all its tries, the least of so many right runs.

    All runs, old and new, are exchangeable: that the new ones are the least of all has the probability
    tries! n! / (n + tries)!, for two tries 2 / ((n + 1) (n + 2)).

    Source: David and Nagaraja (2003), Order Statistics, section 2.1 (ranks of exchangeable variables).
    """
    return math.prod((number / (right_runs + number) for number in range(1, tries + 1)), start=1.0)


def runs_needed(probability: float, tries: int = 2) -> int:
    """The fewest right runs for which `false_fail_probability` is below a probability."""
    runs = 1
    while false_fail_probability(runs, tries) >= probability:
        runs += 1
    return runs


def upper_bound(events: int, trials: int, confidence: float = 0.95) -> float:
    """Upper confidence bound on a probability that showed itself `events` times in `trials`.

    Source: Clopper and Pearson (1934), The use of confidence or fiducial limits; solved by bisection.
    """
    if events >= trials:
        return 1.0
    low, high = events / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        at_most = math.fsum(
            math.comb(trials, k) * math.pow(middle, k) * math.pow(1 - middle, trials - k)
            for k in range(events + 1)
        )
        low, high = (middle, high) if at_most > 1 - confidence else (low, middle)
    return high


def rounded_down(value: float, digits: int = 3) -> float:
    """The value with so many digits behind the point, never above it: a threshold that is rounded up rejects."""
    scale = math.pow(10, digits)
    return math.floor(value * scale) / scale
