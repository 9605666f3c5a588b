"""Which schools an item is put to, by what the school register says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from careerbench.checks import require_columns
from careerbench.errors import CareerBenchError, MissingColumnsError, counted, quoted
from careerbench.scoring.keys import in_words
from careerbench.scoring.tables import frame_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

    from careerbench.frameworks import Framework, Item

_LOW, _HIGH = "statutory_low_age", "statutory_high_age"
_HINT = "schools=loaders.load_schools(path)"
_SIXTH_FORM_AGE = 16
_NO_SIXTH_FORM = ("does not have a sixth form", "not applicable", "no", "false")


def conditional_items(framework: Framework) -> list[Item]:
    """List the scored items that some schools are not asked."""
    return [item for item in framework.items.values() if item.scored and item.is_conditional]


def applies(item: Item, columns: Sequence[str], *, step: str) -> nw.Expr:
    """Say, on the columns of the school register, whether an item is put to a school.

    What the register leaves blank shuts no school out.

    Raises
    ------
    MissingColumnsError
        If the register lacks a column that the item's conditions need.
    """
    parts = []
    if item.phases:
        require_columns(columns, ["phase"], step=step, hint=_HINT)
        phases = [phase.casefold() for phase in item.phases]
        parts.append(_said("phase").is_in([*phases, ""]))
    if item.year_groups:
        require_columns(columns, [_LOW, _HIGH], step=step, hint=_HINT)
        parts.append(_teaches(item.year_groups))
    if item.sixth_form is not None:
        parts.append(_sixth_form(item.sixth_form, columns, step))
    return nw.all_horizontal(*parts, ignore_nulls=False)


def items_put_to(
    schools: IntoFrame, framework: Framework, known: pd.Index, *, step: str
) -> dict[str, NDArray[np.bool_]]:
    """Say for each conditional item whether it is put to each of the ``known`` schools, in order.

    Raises
    ------
    CareerBenchError
        If ``schools`` lacks a column, has a school twice, or not at all.
    """
    import pandas as pd

    items = conditional_items(framework)
    register = frame_of(schools, step=step, hint=_HINT)
    if isinstance(register, nw.LazyFrame):
        register = register.collect()
    require_columns(register.columns, ["school_urn"], step=step, hint=_HINT)
    judged = register.select(
        "school_urn", *(applies(item, register.columns, step=step).alias(item.id) for item in items)
    ).to_pandas()
    urns = pd.Index(in_words(judged["school_urn"]).astype("str"))
    place = _places(urns, known, step)
    return {item.id: judged[item.id].to_numpy(dtype=bool)[place] for item in items}


def _places(urns: pd.Index, known: pd.Index, step: str) -> NDArray[np.intp]:
    """Find each known school in the register."""
    if not urns.is_unique:
        raise CareerBenchError(
            f"{step}: schools has a school twice.",
            found=quoted(urns[urns.duplicated()].unique()),
            hint="one row for each school",
        )
    place = urns.get_indexer(known)
    if (place < 0).any():
        raise CareerBenchError(
            f"{step}: {counted(int((place < 0).sum()), 'school')} of the audits not in schools.",
            found=quoted(known[place < 0]),
            hint="panel.resolve_urns, where a school's number has changed, or add its row",
        )
    return place


def _said(column: str) -> nw.Expr:
    return nw.col(column).cast(nw.String).str.strip_chars().str.to_lowercase().fill_null("")


def _teaches(year_groups: Sequence[str]) -> nw.Expr:
    """Say whether a school's ages reach one of the year groups: Year 7 is age 11 to 12.

    Reception is also taught where the youngest age is 5.
    """
    low, high = nw.col(_LOW).cast(nw.Float64), nw.col(_HIGH).cast(nw.Float64)
    reached = []
    for year in year_groups:
        starts = {"N": 3, "R": 4}.get(year) or int(year) + 4
        youngest = 5 if year == "R" else starts
        below = low.is_null() | (low <= youngest)
        reached.append(below & (high.is_null() | (high >= starts + 1)))
    return nw.any_horizontal(*reached, ignore_nulls=False)


def _sixth_form(wanted: object, columns: Sequence[str], step: str) -> nw.Expr:
    """Say whether a school has a sixth form, or has none, as wanted; or that it is not known."""
    if "sixth_form" in columns:
        unknown, has_none = _said("sixth_form") == "", _said("sixth_form").is_in([*_NO_SIXTH_FORM])
    elif _HIGH in columns:
        age = nw.col(_HIGH).cast(nw.Float64)
        unknown, has_none = age.is_null(), age <= _SIXTH_FORM_AGE
    else:
        raise MissingColumnsError(
            f"{step}: schools has neither 'sixth_form' nor '{_HIGH}'.",
            found=quoted(columns),
            hint=_HINT,
        )
    return unknown | (~has_none if wanted else has_none)
