"""Which schools are nearest: characteristics as arrays, made comparable, distances sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import groups
from careerbench.errors import (
    BadArgumentError,
    MissingColumnsError,
    TableProblemsError,
    closest,
    counted,
    quoted,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Near = list[tuple[int, NDArray[np.int64], NDArray[np.float64]]]

SCALINGS = ("sd", "range", "rank")
HINT = "one row per school: school_urn and its characteristics"
_TIE = 1e-12


@dataclass(frozen=True, eq=False)
class Characteristics:
    """Schools and their characteristics as arrays: one row per school."""

    urn: NDArray[np.object_]
    traits: NDArray[np.float64]
    same: NDArray[np.int64]
    same_known: NDArray[np.bool_]
    asked: NDArray[np.int64]
    to: tuple[str, ...]
    on: tuple[str, ...]
    exact: tuple[str, ...]

    @property
    def whole(self) -> NDArray[np.bool_]:
        """Schools that have every characteristic."""
        return ~np.isnan(self.traits).any(axis=1) & self.same_known

    def without(self, name: str) -> Characteristics:
        """Leave one characteristic out."""
        keep = [place for place, one in enumerate(self.on) if one != name]
        on = tuple(self.on[place] for place in keep)
        parts = {**vars(self), "traits": self.traits[:, keep], "on": on}
        return Characteristics(**parts)


def several(value: object) -> list[object]:
    """Read an argument that takes one value or several."""
    one = isinstance(value, str) or not hasattr(value, "__iter__")
    return [value] if one or getattr(value, "shape", (0,)) == () else list(value)  # type: ignore[call-overload]


def whole_number(value: object, *, name: str, step: str) -> int:
    """Refuse what is no number of schools."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise BadArgumentError(
            f"{step}: {name} must be a whole number of schools, at least 1.",
            found=repr(value),
            hint=f"{name}=10",
        )
    return int(value)


def require_known(schools: pd.DataFrame, names: list[str], *, step: str) -> None:
    """Refuse columns the table has not, and say which was probably meant."""
    absent = [name for name in names if name not in schools.columns]
    if absent:
        near = closest(absent[0], schools.columns)
        raise MissingColumnsError(
            f"{step}: the table has no column {quoted(absent)}.",
            found=quoted(schools.columns),
            hint=f"did you mean '{near}'?" if near else HINT,
        )


def read_characteristics(
    schools: pd.DataFrame, to: object, on: object, exact: object, group: str, *, step: str
) -> Characteristics:
    """Check the table of schools and lay it out as arrays."""
    checks.require_frame(schools, step=step, hint=HINT)
    names, must = checks.as_names(on), checks.as_names(exact)
    if not names:
        raise BadArgumentError(
            f"{step}: on names no characteristic.", found="nothing", hint="on=['n_pupils']"
        )
    checks.require_name(group, name="group", step=step)
    require_known(schools, [group, *names, *must], step=step)
    groups.require_table(schools, [group, *names, *must], step=step, hint=HINT)
    groups.require_filled(schools, [group], step=step)
    groups.require_unique(schools, [group], step=step, hint="one row per school")
    asked = checks.as_names(to)
    urn = schools[group].astype(str).to_numpy(dtype=object)
    place = {one: row for row, one in enumerate(urn)}
    unknown = [one for one in asked if one not in place]
    if unknown or not asked:
        raise BadArgumentError(
            f"{step}: no school {quoted(unknown)} in the table.",
            found=counted(len(schools), "school"),
            hint=f"a value of '{group}'",
        )
    values = np.column_stack([numbers(schools[name], step=step) for name in names])
    same, _ = groups.group_rows(schools, must)
    known = schools[must].notna().all(axis=1).to_numpy(dtype=bool)
    rows = np.array([place[one] for one in asked])
    table = Characteristics(urn, values, same, known, rows, tuple(asked), tuple(names), tuple(must))
    _require_usable(table, step=step)
    return table


def numbers(column: pd.Series, *, step: str) -> NDArray[np.float64]:
    """Read numbers or truth values; words have no distance."""
    import pandas as pd

    kinds = pd.api.types
    if kinds.is_bool_dtype(column.dtype):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    if not kinds.is_numeric_dtype(column.dtype):
        raise TableProblemsError(
            f"{step}: column '{column.name}' does not hold numbers, so it has no distance.",
            found=f"type {column.dtype}",
            hint=f"exact='{column.name}', so that it must be the same",
        )
    return groups.require_numbers(column, step=step)


def _require_usable(table: Characteristics, *, step: str) -> None:
    """Refuse schools asked about that cannot be placed, and characteristics that tell nothing."""
    lacking = [table.urn[row] for row in table.asked if not table.whole[row]]
    if lacking:
        raise TableProblemsError(
            f"{step}: {counted(len(lacking), 'school')} asked about lack a characteristic.",
            found=quoted(lacking),
            hint="characteristics in on and exact that these schools have",
        )
    there = table.traits[table.whole]
    flat = [
        name for name, spread in zip(table.on, np.ptp(there, axis=0), strict=True) if not spread
    ]
    if flat:
        raise TableProblemsError(
            f"{step}: {quoted(flat)} is the same in every school that can be compared.",
            found=counted(len(there), "school") + " with every characteristic",
            hint="characteristics that differ between schools",
        )


def _scaled(table: Characteristics, scaling: str) -> NDArray[np.float64]:
    """Make characteristics comparable, over the schools that have them all."""
    there = table.traits[table.whole]
    if scaling == "rank":
        from scipy.stats import rankdata

        scaled = (rankdata(there, axis=0) - 1) / max(len(there) - 1, 1)
    else:
        scaled = there / (
            np.ptp(there, axis=0) if scaling == "range" else there.std(axis=0, ddof=1)
        )
    filled = np.full(table.traits.shape, np.nan)
    filled[table.whole] = scaled
    return filled


def nearest_to(table: Characteristics, k: int, scaling: str) -> tuple[Near, int, int]:
    """List for each school asked about its nearest rows and their distances, and count the rest."""
    scaled = _scaled(table, scaling)
    free = table.whole.copy()
    free[table.asked] = False
    near, n_tied, offered = [], 0, np.zeros(len(free), dtype=bool)
    for row in table.asked:
        rows = np.flatnonzero(free & (table.same == table.same[row]))
        offered[rows] = True
        distance = np.sqrt(((scaled[rows] - scaled[row]) ** 2).sum(axis=1))
        order = np.argsort(np.round(distance, 12), kind="stable")
        taken = order[:k]
        if 0 < len(taken) < len(order):
            n_tied += int((distance[order[k:]] <= distance[taken].max() + _TIE).sum())
        near.append((int(row), rows[taken], distance[taken]))
    return near, n_tied, int((free & ~offered).sum())


def balance(table: Characteristics, near: Near) -> pd.DataFrame:
    """Compare the schools asked about with those found, characteristic by characteristic."""
    import pandas as pd

    there = table.traits[table.whole]
    kept = [(row, found) for row, found, _ in near if len(found)]
    blank = np.full(len(table.on), np.nan)
    value = np.mean([table.traits[row] for row, _ in kept], axis=0) if kept else blank
    similar = (
        np.mean([table.traits[found].mean(axis=0) for _, found in kept], axis=0) if kept else blank
    )
    return pd.DataFrame(
        {
            "characteristic": table.on,
            "value": value,
            "similar_mean": similar,
            "all_mean": there.mean(axis=0),
            "standardised_difference": (value - similar) / there.std(axis=0, ddof=1),
        }
    )
