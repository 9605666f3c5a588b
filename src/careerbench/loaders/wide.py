"""One column per item becomes one row per item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from careerbench.errors import ReadError, quoted
from careerbench.periods import split_year_group

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from careerbench.loaders.validate import Findings


@dataclass(frozen=True)
class ItemColumn:
    """A column of a wide table: its heading, the item it answers, and for which year group."""

    heading: str
    item: str
    year_group: str | None = None


def split_heading(heading: str, *, is_item: Callable[[str], bool]) -> ItemColumn:
    """Tell an item from the year group in its heading.

    Examples
    --------
    >>> column = split_heading("b1_1 (Year 3)", is_item=lambda name: True)
    >>> column.item, column.year_group
    ('b1_1', '3')
    >>> split_heading("b1_1_y3", is_item=lambda name: name == "b1_1").year_group
    '3'
    """
    split = split_year_group(heading)
    if split and is_item(split[0]):
        return ItemColumn(heading, *split)
    return ItemColumn(heading, heading)


def refuse_same_item(columns: Sequence[ItemColumn], *, step: str, file: str) -> None:
    """Refuse a wide table in which two columns answer one item for one year group."""
    seen: dict[tuple[str, str | None], str] = {}
    for column in columns:
        key = (column.item, column.year_group)
        if key in seen:
            raise ReadError(
                f"{step}: two columns of '{file}' mean item '{column.item}'.",
                found=quoted([seen[key], column.heading]),
                hint="keep one of them",
            )
        seen[key] = column.heading


def lengthen(
    frame: pd.DataFrame, columns: Sequence[ItemColumn], findings: Findings
) -> tuple[pd.DataFrame, Findings]:
    """Give every row one row per item, in the order of the columns; no blank is dropped."""
    import numpy as np
    import pandas as pd

    n_rows, n_items = len(frame), len(columns)
    row = np.repeat(np.arange(n_rows), n_items)
    place = np.tile(np.arange(n_items), n_rows)
    headings = [column.heading for column in columns]
    long = {
        str(name): pd.Series(frame[name].array.take(row)) for name in frame if name not in headings
    }
    texts = pd.concat([frame[heading] for heading in headings], ignore_index=True)
    long["item"] = pd.Series(_words(column.item for column in columns).take(place))
    long["answer"] = pd.Series(texts.array.take(place * n_rows + row))
    given = _words(column.year_group for column in columns)
    if any(column.year_group for column in columns):
        _refuse_two_year_groups(long, findings)
        long["year_group"] = pd.Series(given.take(place)).fillna(long["year_group"])
    cells = np.array(headings, object)[place]
    return pd.DataFrame(long), findings.lengthen(n_items, cells)


def _words(words: object) -> pd.api.extensions.ExtensionArray:
    import pandas as pd

    return pd.array(list(words), dtype="str")  # type: ignore[call-overload]


def _refuse_two_year_groups(long: dict[str, pd.Series], findings: Findings) -> None:
    if long["year_group"].notna().any():
        raise ReadError(
            f"{findings.step}: '{findings.file}' says the year group twice.",
            found=f"a column '{findings.headings['year_group']}', and year groups in headings",
            hint="keep the year group in one of the two places",
        )
