"""One row for each school: how many of how many, checked before anyone is compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis import groups
from careerbench.errors import TableProblemsError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_MOST = 1e9
NOTHING, MISSING = "denominator is 0", "missing"


@dataclass(frozen=True)
class Counted:
    """What each school has, and why it has nothing where it has nothing."""

    part: NDArray[np.float64]
    whole: NDArray[np.float64]
    reason: NDArray[np.object_]

    @property
    def there(self) -> NDArray[np.bool_]:
        """Say which schools can be compared."""
        return np.array([reason is None for reason in self.reason], dtype=bool)

    @property
    def share(self) -> NDArray[np.float64]:
        """Divide; missing where there is nothing."""
        return np.where(self.there, groups.ratio(self.part, self.whole), np.nan)


def check_schools(data: pd.DataFrame, columns: list[str], school: str, *, step: str) -> None:
    """Refuse a table that is not one row for each school."""
    hint = f"one row for each school: '{school}' and the columns named"
    groups.require_table(data, [school, *columns], step=step, hint=hint)
    groups.require_filled(data, [school], step=step)
    groups.require_unique(data, [school], step=step, hint="one row for each school")


def read_counts(
    data: pd.DataFrame, numerator: str, denominator: str, school: str, *, step: str
) -> Counted:
    """Read counts of schools; refuse what cannot be a count of a count."""
    check_schools(data, [numerator, denominator], school, step=step)
    part = groups.require_numbers(data[numerator], step=step)
    whole = groups.require_numbers(data[denominator], step=step)
    for name, values in ((numerator, part), (denominator, whole)):
        _refuse(np.nan_to_num(values) < 0, f"'{name}' is below 0", "counts", step=step)
        vast = np.nan_to_num(values) > _MOST
        _refuse(vast, f"'{name}' is above {_MOST:.0e}", "a count of pupils or items", step=step)
        odd = np.nan_to_num(values) != np.round(np.nan_to_num(values))
        _refuse(odd, f"'{name}' is no whole number", "counts, not shares or percent", step=step)
    over = np.nan_to_num(part) > np.nan_to_num(whole, nan=np.inf)
    said = f"'{numerator}' is above '{denominator}'"
    _refuse(over, said, "numerator= and denominator= the other way round?", step=step)
    missing = np.isnan(part) | np.isnan(whole)
    reason = np.full(len(part), None, dtype=object)
    reason[whole == 0], reason[missing] = NOTHING, MISSING
    return Counted(part, whole, reason)


def read_means(
    data: pd.DataFrame, estimate: str, std_error: str, school: str, *, step: str
) -> Counted:
    """Read estimates of schools and their standard errors, as part and whole."""
    check_schools(data, [estimate, std_error], school, step=step)
    value = groups.require_numbers(data[estimate], step=step)
    error = groups.require_numbers(data[std_error], step=step)
    _refuse(np.nan_to_num(error, nan=1.0) <= 0, f"'{std_error}' is 0 or below",
            "a standard error above 0 for each school", step=step)  # fmt: skip
    reason = np.full(len(value), None, dtype=object)
    reason[np.isnan(value) | np.isnan(error)] = MISSING
    return Counted(value, error, reason)


def _refuse(where: NDArray[np.bool_], what: str, hint: str, *, step: str) -> None:
    if where.any():
        raise TableProblemsError(
            f"{step}: in {int(where.sum())} of {len(where)} rows {what}.",
            found=f"row(s) {', '.join(str(row) for row in np.flatnonzero(where)[:6])} (from 0)",
            hint=hint,
        )
