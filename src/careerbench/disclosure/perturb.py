"""Counts that are altered instead of hidden: controlled rounding, and cell keys."""

from __future__ import annotations

import hashlib
import hmac
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from careerbench.errors import BadArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.disclosure.cube import Cube
    from careerbench.disclosure.parse import Policy

    Integers = NDArray[np.int64]

_SHORTEST_KEY = 16


def rounded(cube: Cube, policy: Policy) -> tuple[pd.Series, dict[str, Any]]:
    """Set every small inner count to 0 or the base, and add all cells up from these.

    Notes
    -----
    Promised: all figures are sums of one altered inner table, so that no set of slices can say more
    than it does, and it says of a count below the base only that it lies between 0 and the base.
    Not promised: that figures are right; groups made of many small counts can be off by several.
    Which counts go up is chosen so that margins stay near (greedily, by squared error).
    """
    import pandas as pd

    base = int(policy.rounding_base or 0)
    small = np.flatnonzero((cube.base > 0) & (cube.base < base))
    change = np.zeros(len(cube.base))
    change[small] = -cube.base[small]
    columns = cube.membership[:, small].astype(float).tocsc()
    size = np.asarray(columns.sum(axis=0)).ravel()
    error = cube.membership @ change
    left = np.ones(len(small), dtype=bool)
    gain = -2 * base * (columns.T @ error) - base**2 * size
    while left.any():
        best = int(np.argmax(np.where(left, gain, -np.inf)))
        if gain[best] <= 0:
            break
        left[best] = False
        change[small[best]] += base
        rows = columns.indices[columns.indptr[best] : columns.indptr[best + 1]]
        gain -= 2 * base**2 * np.asarray(columns[rows].sum(axis=0)).ravel()
    values = np.rint(cube.membership @ (cube.base + change)).astype(np.int64)
    off = np.abs(values - cube.counts)[cube.published]
    return pd.Series(values).astype("Int64"), {
        "n_cells": int(cube.published.sum()),
        "additive": True,
        "base": base,
        "largest_error": int(off.max(initial=0)),
        "mean_error": round(float(off.mean()), 2) if len(off) else 0.0,
        "promises": [
            f"All figures are sums of one table in which every inner count from 1 to {base - 1} "
            f"was set to 0 or {base}: no set of slices says more of it.",
            f"Figures are not exact: the largest error is {int(off.max(initial=0))}.",
        ],
    }


def perturbed(
    cube: Cube,
    base: pd.DataFrame,
    names: Sequence[str],
    policy: Policy,
    key: bytes | None,
) -> tuple[pd.Series, dict[str, Any]]:
    """Move each count by a step that follows from the stored key and from what is counted.

    Notes
    -----
    Promised: the same cell has the same figure in every table made with the same key, zeros stay 0,
    and no figure from 1 to below ``least_shown`` is given. Not promised: that figures add up, nor
    that no count can be found out; the protection is a probability, and it sinks with every further
    table, because noise can be averaged out (Asghar and Kaafar 2019).
    """
    import pandas as pd

    if not isinstance(key, bytes) or len(key) < _SHORTEST_KEY:
        raise BadArgumentError(
            f"protect: a cell-key policy needs key, {_SHORTEST_KEY} secret bytes or more.",
            found="no key" if key is None else "a key of the wrong kind or length",
            hint="key=secrets.token_bytes(32), kept outside the study's folder and used again",
        )
    labels = base[[*names, "n"]].astype("str").agg("\x1f".join, axis=1)
    keys = np.array([_key_of(key, label) for label in labels], dtype=np.uint64)
    keys[cube.base == 0] = 0
    sums = cube.membership.astype(np.uint64) @ keys
    draws = (np.asarray(sums) >> np.uint64(11)).astype(float) / 2.0**53
    true = cube.counts
    steps = np.array(
        [_step(int(n), float(draw), policy) for n, draw in zip(true, draws, strict=True)]
    )
    values = true + steps
    return pd.Series(values).astype("Int64"), {
        "n_cells": int(cube.published.sum()),
        "additive": False,
        "largest_step": policy.largest_step,
        "variance": policy.variance,
        "promises": [
            f"Each figure differs from the true one by at most {policy.largest_step}; the same "
            "cell has the same figure in every table made with the same key.",
            "Figures do not add up. That no count can be found out is a probability, no promise; "
            "it sinks with every further table.",
        ],
    }


def _key_of(key: bytes, label: str) -> int:
    return int.from_bytes(hmac.new(key, label.encode("utf-8"), hashlib.sha256).digest()[:8], "big")


def _step(count: int, draw: float, policy: Policy) -> int:
    """Look up the step for one count and one draw."""
    if count == 0:
        return 0
    near = min(count, policy.largest_step + policy.least_shown)
    steps, below = _chances(near, policy.largest_step, policy.variance, policy.least_shown)
    return int(steps[min(int(np.searchsorted(below, draw, side="right")), len(steps) - 1)])


@cache
def _chances(count: int, largest: int, variance: float, least: int) -> tuple[Integers, NDArray]:
    """Return the allowed steps of a count and their cumulative chances: mean 0 where it can be."""
    every = np.arange(-largest, largest + 1)
    shown = count + every
    steps = every[(shown >= 0) & ~((shown > 0) & (shown < least))]
    spread = _solve(lambda b: -_moment(every, 0.0, -b, 2) + variance, 1e-6, 20.0)
    tilt = _solve(lambda a: _moment(steps, a, -spread, 1), -20.0, 20.0)
    chances = _weights(steps, tilt, -spread)
    return steps, np.cumsum(chances)


def _weights(steps: Integers, tilt: float, spread: float) -> NDArray:
    power = tilt * steps + spread * steps.astype(float) ** 2
    weights = np.exp(power - power.max())
    return np.asarray(weights / weights.sum())


def _moment(steps: Integers, tilt: float, spread: float, order: int) -> float:
    return float((_weights(steps, tilt, spread) * steps.astype(float) ** order).sum())


def _solve(function: Any, low: float, high: float) -> float:
    """Find where a rising function is nought, by halving; an end where it never is."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) < 0 else (low, middle)
    return (low + high) / 2
