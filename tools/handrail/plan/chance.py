"""What past durations say of the next one: percentiles, and promises that hold as often as they say."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from random import Random

TRIALS = 2000


def percentile(values: Sequence[float], share: float) -> float | None:
    """Give the smallest value that `share` percent of them do not exceed (nearest rank).

    None where there are fewer than share / (100 - share) values: a 95th percentile of five says nothing.
    """
    if not values or len(values) < least(share):
        return None
    return sorted(values)[max(ceil(len(values) * share / 100 - 1e-9), 1) - 1]


def least(share: float) -> int:
    """Give how many values a percentile needs."""
    return max(ceil(share / (100 - share) - 1e-9), 1)


def promise(ended: Sequence[float], still: Sequence[float], share: float, beyond: float = 0.0) -> float | None:
    """Give what the next duration will not exceed in `share` percent of cases, given that it is beyond `beyond`.

    `ended` are durations, `still` the ages of what has not ended. The product-limit estimator (Kaplan and Meier, 1958)
    takes the unended ones into account. The next one stands among those at risk from the first to the last: with
    nothing unended this is the order statistic of rank (n + 1) · share, rounded up, whose coverage is never below
    `share` for durations that are exchangeable, however many there are. None where the past does not reach so far.
    """
    for time, left in _curve(ended, still, beyond):
        if left <= 1 - share / 100 + 1e-9:
            return time
    return None


def chance_by(ended: Sequence[float], still: Sequence[float], limit: float, beyond: float = 0.0) -> float | None:
    """Give the chance that the next duration does not exceed `limit`; None where the past knows none beyond."""
    known, curve = 0.0, _curve(ended, still, beyond)
    if not curve:
        return None
    for time, left in curve:
        if time > limit:
            break
        known = 1 - left
    return known


def _curve(ended: Sequence[float], still: Sequence[float], beyond: float) -> list[tuple[float, float]]:
    """Give the times of ends, each with the share that lasts longer."""
    marks = sorted([(one, 0) for one in ended if one > beyond] + [(one, 1) for one in still if one > beyond])
    at_risk, left = len(marks) + 1, 1.0
    curve: list[tuple[float, float]] = []
    for time, unended in marks:
        if not unended:
            left *= (at_risk - 1) / at_risk
            curve.append((time, left))
        at_risk -= 1
    return curve


def sums(weekly: Sequence[int], weeks: int, *, seed: int, trials: int = TRIALS) -> list[int]:
    """Draw what so many weeks may bring together, in order, from what single weeks brought.

    Each week drawn goes back with a copy of itself (Pólya's urn; the Bayesian bootstrap of Rubin, 1981), so that few
    weeks of history give wide answers and not sure ones.
    """
    random = Random(seed)  # noqa: S311 - lots, not secrets
    found = []
    for _ in range(trials):
        urn = list(weekly)
        for _ in range(weeks):
            urn.append(urn[int(random.random() * len(urn))])
        found.append(sum(urn[len(weekly) :]))
    return sorted(found)


def weeks_until(weekly: Sequence[int], wanted: int, *, seed: int, most: int, trials: int = TRIALS) -> list[int]:
    """Draw in how many weeks so many are finished, in order; `most` + 1 where they are not by then."""
    random = Random(seed)  # noqa: S311 - lots, not secrets
    found = []
    for _ in range(trials):
        urn, done, weeks = list(weekly), 0, 0
        while done < wanted and weeks <= most:
            urn.append(urn[int(random.random() * len(urn))])
            done += urn[-1]
            weeks += 1
        found.append(weeks)
    return sorted(found)


def sampling_error(share: float, number: int) -> float:
    """Give the standard error of a share of so many cases, both of them 0 to 1."""
    return sqrt(share * (1 - share) / number) if number else 0.0
