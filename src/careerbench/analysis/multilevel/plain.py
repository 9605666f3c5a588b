"""Formulas that name columns and do nothing with them: worked out without formulaic's machinery.

Most models are of this kind, and for them the general way takes longer than the fit. The columns
and their names are formulaic's to the letter: an intercept, numbers and truth values as they are,
and for words and categories a column for each value but the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def plain_matrices(
    parsed: Any, ready: dict[str, pd.Series]
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[str, ...]] | None:
    """Give outcome, terms and names, or nothing where a formula asks for more than columns."""
    left, first, *rest = ([str(part) for part in term.factors] for term in _terms(parsed))
    outcome = left[0]
    plain = all(len(term) == 1 and _is_plain(term[0], ready) for term in (left, *rest))
    if not plain or first != ["1"] or ready[outcome].dtype.kind not in "if":
        return None
    found = {"Intercept": None}
    for (name,) in rest:
        found |= _columns(name, ready[name])
    terms = np.empty((len(ready[outcome]), len(found)), order="F")
    for place, column in enumerate(found.values()):
        terms[:, place] = 1.0 if column is None else column
    return ready[outcome].to_numpy(dtype=np.float64), terms, tuple(found)


def _terms(parsed: Any) -> tuple[Any, ...]:
    """List the outcome and the terms."""
    return (*parsed.lhs, *parsed.rhs)


def _is_plain(name: str, ready: dict[str, pd.Series]) -> bool:
    """Say whether a factor is a column, and formulaic would take it as it is."""
    return name in ready and name.isidentifier() and name != "Intercept"


def _columns(name: str, column: pd.Series) -> dict[str, Any]:
    """Name a term's columns and give each."""
    if not hasattr(column, "cat"):
        return {name: column.to_numpy()}
    codes = column.cat.codes.to_numpy()
    values = enumerate(column.cat.categories)
    return {f"{name}[T.{value}]": codes == code for code, value in values if code}
