"""Rows and labels that stay readable, for one school or three hundred."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.errors import BadArgumentError, counted, quoted
from careerbench.plots import theme
from careerbench.plots.series import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

ROW_INCHES = 0.24
MOST_INCHES = 30.0
FRAME_INCHES = 1.7
_POINTS = 72


def tall(n_rows: int) -> float:
    """Return the height of a figure with a row for each school, up to a limit."""
    return min(MOST_INCHES, FRAME_INCHES + ROW_INCHES * n_rows)


def row_points(ax: Axes, n_rows: int) -> float:
    """Return how many points high one row will be, near enough."""
    height = ax.figure.get_figure(root=True).get_size_inches()[1]
    inches = height * ax.get_position().height / 0.77
    return max(0.0, inches - FRAME_INCHES) * _POINTS / n_rows if n_rows else 0.0


def name_schools(ax: Axes, names: Sequence[str], *, offset: float = 0.0) -> None:
    """Write the schools' names at the left, every one or as many as can be read."""
    size = theme.load_theme().sizes["text"] - 1
    step = max(1, int(np.ceil(1.2 * size / max(row_points(ax, len(names)), 0.01))))
    places = range(0, len(names), step)
    ax.set_yticks(
        [place + offset for place in places], [theme.short(names[place]) for place in places]
    )
    ax.tick_params(axis="y", rotation=0, length=0, labelsize=size)
    every = "" if step == 1 else f"{len(names)} schools, one in {step} named"
    ax.set_ylabel(every, fontsize=size)


def spread_out(values: Sequence[float], *, gap: float) -> NDArray[np.float64]:
    """Move labels apart along one line until none is nearer than a gap to the next.

    They keep their order and stay in the middle of where they want to be.

    Examples
    --------
    >>> spread_out([0.5, 0.5, 2.0], gap=1.0).tolist()
    [0.0, 1.0, 2.0]
    """
    wanted = np.asarray(values, dtype=np.float64)
    order = np.argsort(wanted, kind="stable")
    blocks: list[list[float]] = []  # each: sum of where its members want its start, and how many
    for value in wanted[order]:
        blocks.append([float(value), 1.0])
        while len(blocks) > 1 and _end(blocks[-2], gap) > blocks[-1][0] / blocks[-1][1]:
            total, n = blocks.pop()
            blocks[-1][0] += total - n * gap * blocks[-1][1]
            blocks[-1][1] += n
    apart = [total / n + gap * place for total, n in blocks for place in range(int(n))]
    placed = np.empty(len(wanted))
    placed[order] = apart
    return placed


def _end(block: list[float], gap: float) -> float:
    """Return where the label after a block of labels may stand."""
    return block[0] / block[1] + gap * block[1]


def pick_rows(
    table: pd.DataFrame, keys: Sequence[str], where: Mapping[str, object] | None, *, step: str
) -> pd.DataFrame:
    """Pick the rows that one picture shows; refuse what would lay several on top of each other."""
    wanted = dict(where or {})
    unknown = [name for name in wanted if name not in keys]
    if unknown:
        raise BadArgumentError(
            f"{step}: where names {quoted(unknown)}, by which this result is not taken apart.",
            found=quoted(keys) or "a result that is not taken apart",
            hint="analysis with by=, or another column",
        )
    for name, value in wanted.items():
        if value not in set(table[name]):
            raise BadArgumentError(
                f"{step}: where asks for a '{name}' that the result does not have.",
                found=quoted(table[name].unique()),
                hint=f"where={{'{name}': {table[name].iloc[0]!r}}}" if len(table) else "more rows",
            )
        table = table[(table[name] == value).to_numpy(dtype=bool, na_value=False)]
    several = [name for name in keys if len(table[name].unique()) > 1]
    if several:
        asked = ", ".join(f"'{name}': {table[name].iloc[0]!r}" for name in several)
        raise BadArgumentError(
            f"{step}: one picture shows one {' and '.join(several)}.",
            found="; ".join(
                f"{counted(table[name].nunique(dropna=False), 'value')} of '{name}'"
                for name in several
            ),
            hint=f"where={{{asked}}}",
        )
    return table.reset_index(drop=True)


def which(table: pd.DataFrame, keys: Sequence[str], labels: Mapping[str, str] | None = None) -> str:
    """Name the one group that a picture shows, for its title and its words."""
    if not len(table):
        return ""
    return "".join(
        f", {theme.named(say(table[name].iloc[0]), labels)}" for name in keys if name in table
    )
