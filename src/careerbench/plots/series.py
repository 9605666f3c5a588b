"""What shares a colour: the waves and groups of a result, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.groups import group_rows
from careerbench.errors import BadArgumentError
from careerbench.plots.hidden import say_count
from careerbench.plots.theme import load_theme

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Series:
    """One wave or group in a picture: its name, its rows, and how it is drawn."""

    name: str
    rows: pd.DataFrame
    colour: str
    marker: str
    offset: float


def split_series(table: pd.DataFrame, keys: list[str], *, step: str, hint: str) -> list[Series]:
    """Take a table apart by its waves and groups; more than can be told apart is refused."""
    theme = load_theme()
    keys = [key for key in keys if key in table.columns and len(table[key].unique()) > 1]
    group, names = group_rows(table, keys)
    if len(names) > len(theme.colours):
        raise BadArgumentError(
            f"{step}: one picture tells {len(theme.colours)} groups apart, not {len(names)}.",
            found=f"{len(names)} combinations of {', '.join(keys)}",
            hint=hint,
        )
    offsets = (np.arange(len(names)) - (len(names) - 1) / 2) * min(0.22, 0.66 / max(len(names), 1))
    labels = [" · ".join(map(say, row)) for row in names.itertuples(index=False, name=None)]
    looks = zip(labels, theme.colours, theme.markers, offsets, strict=False)
    return [
        Series(label, table[group == number], colour, marker, float(offset))
        for number, (label, colour, marker, offset) in enumerate(looks)
    ]


def say_counts(series: list[Series], column: str, n_places: int) -> list[str]:
    """Say the counts at each place in the order of the series; a dash where one has no row."""
    found = [dict(zip(one.rows["place"], one.rows[column], strict=True)) for one in series]
    said = [[counts.get(place) for counts in found] for place in range(n_places)]
    return [
        "n = " + ", ".join(say_count(count, hidden=count is not None) for count in counts)
        for counts in said
    ]


def constant_words(table: pd.DataFrame, keys: list[str]) -> str:
    """Name what is the same in all rows, for a title.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"wave": ["Year 1"] * 2, "la_name": ["North", "South"]})
    >>> constant_words(table, ["la_name", "wave"])
    ', Year 1'
    """
    distinct = [table[key].unique() for key in keys if key in table.columns]
    return "".join(f", {say(values[0])}" for values in distinct if len(values) == 1)


def say(value: object) -> str:
    """Name a group; one with no value says so.

    Examples
    --------
    >>> say("Year 1"), say(None), say(float("nan"))
    ('Year 1', 'not recorded', 'not recorded')
    """
    return "not recorded" if str(value) in {"None", "nan", "NaT", "<NA>"} else str(value)


def legend_handles(series: list[Series]) -> list[object]:
    """Make one legend entry per series."""
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], linestyle="none", marker=one.marker, color=one.colour, label=one.name)
        for one in series
    ]
