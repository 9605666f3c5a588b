"""The shortest sums that hold a count where it is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from careerbench.disclosure.listed import Listed

    Floats = NDArray[np.float64]

_TERMS = 8
_SLACK = 1e-6


def holding_sums(listed: Listed, cell: Floats, low: Floats, high: Floats, end: float) -> str:
    """Write known sums that bound a weighted sum of unknowns by ``end`` from above.

    Of all that do, one with the least weights in all, which favours few sums: found by a linear
    programme over the weights.
    """
    from scipy import sparse
    from scipy.optimize import linprog

    up, down = np.flatnonzero(np.isfinite(high)), np.flatnonzero(low > 0)
    if not len(up) and not len(down):
        return ""
    rows = sparse.vstack([listed.rows[up], -listed.rows[down]], format="csr")
    worth = np.r_[high[up], -low[down]]
    found = linprog(
        np.ones(len(worth)),
        A_ub=sparse.vstack([-rows.T, worth[None, :]], format="csr"),
        b_ub=np.r_[-cell, end + _SLACK],
        bounds=(0, None),
        method="highs",
    )
    if found.status != 0:
        return ""
    used = np.flatnonzero(found.x > _SLACK)
    terms = [
        (float(found.x[n]), "+" if n < len(up) else "−", abs(float(worth[n])), int(row))
        for n, row in zip(used, np.r_[up, down][used], strict=True)
    ]
    said = " ".join(
        f"{sign} {_times(weight)}{value:,.0f} ({listed.label(row)})"
        for weight, sign, value, row in terms[:_TERMS]
    )
    more = f" and {len(terms) - _TERMS} more sums" if len(terms) > _TERMS else ""
    return said.removeprefix("+ ") + more


def _times(weight: float) -> str:
    return "" if abs(weight - 1) < _SLACK else f"{weight:.3g} × "
