"""Answers from the lowest to the highest, on both sides of the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.groups import group_rows
from careerbench.analysis.results_pictures import AnswerShares
from careerbench.errors import BadArgumentError
from careerbench.plots import theme
from careerbench.plots.behind import keep_table
from careerbench.plots.hidden import hide_row, is_hidden, say_count
from careerbench.plots.series import say
from careerbench.plots.trend import show_group

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

_STEP = "plot_answers"
_MOST_ROWS = 60
_READABLE = 0.06


def plot_answers(
    answers: AnswerShares, *, ax: Axes | None = None, labels: Mapping[str, str] | None = None
) -> Axes:
    r"""Draw how often each answer to each item was given, low to the left and high to the right.

    Parameters
    ----------
    answers : AnswerShares
        From ``analysis.answer_shares``; at most sixty rows of items and groups.
    ax : Axes, optional
        Where to draw; without it a new figure, as tall as it needs to be.
    labels : mapping, optional
        Item id to short wording. Default: the wording of the scale.

    Returns
    -------
    Axes
        One bar for each item and group. The lower half of the answers stands left of the line
        (hatched, so that it is told apart in grey) and the upper half right of it; a middle
        answer lies across. An answer nobody gave takes no room and stays in the legend; where
        nobody answered, the row says so; where counts are withheld, the row is hatched. Numbers
        answering, and not, stand under the label.

    Raises
    ------
    BadArgumentError
        If ``answers`` is not an ``AnswerShares`` record, or has more than sixty rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> responses = pd.DataFrame({"respondent": list("abc"), "answer": ["Yes", "No", None]})
    >>> responses = responses.assign(school_urn="900001", item="pu_jobs", year_group="3")
    >>> found = analysis.answer_shares(responses, "pupil-careers")
    >>> ax = plot_answers(found, labels={"pu_jobs": "Jobs"})
    >>> ax.get_yticklabels()[0].get_text()
    'Jobs\nn = 2, no answer 1'
    """
    hint = "analysis.answer_shares(responses, scale)"
    theme.require_record(answers, AnswerShares, step=_STEP, hint=hint)
    table = answers.to_frame()
    place, rows = group_rows(table, ["item", *answers.by])
    if len(rows) > _MOST_ROWS:
        raise BadArgumentError(
            f"{_STEP}: {len(rows)} rows do not fit one picture.",
            found=f"{len(rows)} combinations of item and {', '.join(answers.by) or 'nothing else'}",
            hint=f"analysis.answer_shares of at most {_MOST_ROWS}, such as one group at a time",
        )
    look = theme.load_theme()
    ax = theme.place_to_draw(
        ax, width=look.sizes["width"] + 1.0, height=1.9 + 0.6 * max(len(rows), 1)
    )
    keep_table(ax, table)
    if not len(rows):
        theme.say_nothing_to_draw(ax, "No answer to show")
        return ax
    shares = np.zeros((len(rows), len(answers.levels)))
    level = [answers.levels.index(answer) for answer in table["answer"]]
    shares[place, level] = table["share"].fillna(0).to_numpy(dtype=np.float64)
    first = np.unique(place, return_index=True)[1]
    known = table.iloc[first].reset_index(drop=True)
    hidden = np.bincount(place, weights=is_hidden(table, "share"), minlength=len(rows)) > 0
    shares[hidden] = 0
    fills = answer_fills(len(answers.levels))
    _draw_bars(ax, shares, fills)
    _say_what_is_missing(ax, known, hidden)
    theme.dress(ax, title=answers.caption, grid="x")
    _label_axes(ax, known, [_name(row, answers, labels) for row in rows.to_dict("records")])
    _show_answers(ax, answers.levels, fills)
    return ax


def answer_fills(n_levels: int) -> list[str]:
    """Return a colour for each answer, lowest first: darker the further from the middle.

    Examples
    --------
    >>> answer_fills(3), len(answer_fills(6))
    (['#b35806', '#f2f2f2', '#08519c'], 6)
    """
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    look = theme.load_theme().answers
    half = n_levels // 2
    sides = []
    for name, outer in (("low", 0.0), ("high", 1.0)):
        ramp = LinearSegmentedColormap.from_list(name, list(look[name]))
        steps = np.linspace(0, 1, half) if half > 1 else np.array([outer])
        sides.append([to_hex(ramp(step)) for step in steps])
    return [*sides[0], *([look["middle"]] if n_levels % 2 else []), *sides[1]]


def _draw_bars(ax: Axes, shares: NDArray[np.float64], fills: list[str]) -> None:
    """Stack each row's answers, so that the middle of the scale lies on the line."""
    look, half = theme.load_theme(), shares.shape[1] // 2
    below = shares[:, :half].sum(axis=1)
    if shares.shape[1] % 2:
        below = below + shares[:, half] / 2
    start = np.cumsum(shares, axis=1) - shares - below[:, None]
    for level, fill in enumerate(fills):
        bars = ax.barh(
            range(len(shares)),
            shares[:, level],
            left=start[:, level],
            height=0.62,
            color=fill,
            edgecolor=look.ink["text"],
            linewidth=0.6,
            hatch="//" if level < half else None,
            zorder=3,
        )
        for bar, share in zip(bars, shares[:, level], strict=True):
            if share >= _READABLE:
                _write_share(ax, bar.get_center(), share, fill)
    ax.axvline(0, color=look.ink["text"], linewidth=1.0, zorder=4)


def _write_share(ax: Axes, spot: tuple[float, float], share: float, fill: str) -> None:
    """Write a share on its bar, on a ground of the bar's colour, dark or light as can be read."""
    from matplotlib.colors import to_rgb

    light = float(np.dot(to_rgb(fill), (0.299, 0.587, 0.114))) > 0.5
    ax.text(
        *spot,
        theme.percent(share),
        color=theme.load_theme().ink["text"] if light else "white",
        fontsize=theme.load_theme().sizes["small"],
        ha="center",
        va="center",
        bbox={"facecolor": fill, "edgecolor": "none", "pad": 1.0},
        zorder=5,
    )


def _say_what_is_missing(ax: Axes, known: pd.DataFrame, hidden: NDArray[np.bool_]) -> None:
    """Hatch the rows whose counts are withheld, and write where nobody answered."""
    for place in np.flatnonzero(hidden).tolist():
        hide_row(ax, place, height=0.62)
    nobody = (known["n_answered"] == 0).to_numpy(dtype=bool) & ~hidden
    for place in np.flatnonzero(nobody).tolist():
        ax.text(
            0, place, "nobody answered", fontsize=theme.load_theme().sizes["small"], ha="center",
            va="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0}, zorder=5,
        )  # fmt: skip


def _name(row: dict[str, object], answers: AnswerShares, labels: Mapping[str, str] | None) -> str:
    """Name an item and its group in words."""
    item = str(row["item"])
    name = (labels or {}).get(item, answers.items.get(item, item))
    return " · ".join([name, *(_say_group(key, row[key]) for key in answers.by)])


def _say_group(key: str, value: object) -> str:
    """Name a group; a year group in words."""
    return show_group(value) if key == "year_group" else say(value)


def _label_axes(ax: Axes, known: pd.DataFrame, names: list[str]) -> None:
    """Write items with their numbers at the left, and percent to both sides below."""
    from matplotlib.ticker import FuncFormatter

    words = []
    for name, (_, row) in zip(names, known.iterrows(), strict=True):
        n = say_count(row["n_answered"], hidden=True)
        missing = say_count(row["n_missing"], hidden=True)
        words.append(f"{theme.wrapped(theme.short(name, 84), 44)}\nn = {n}, no answer {missing}")
    ax.set_yticks(range(len(words)), words)
    ax.tick_params(axis="y", labelsize=theme.load_theme().sizes["text"] - 1)
    ax.set_ylim(len(words) - 0.5, -0.5)
    ax.set_xlim(-1, 1)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda at, _: theme.percent(abs(round(at, 6)))))
    ax.set_xlabel("Share of those who answered", fontsize=theme.load_theme().sizes["text"])


def _show_answers(ax: Axes, levels: tuple[str, ...], fills: list[str]) -> None:
    """Explain the colours, every answer of the scale, given or not."""
    from matplotlib.patches import Patch

    look, half = theme.load_theme(), len(levels) // 2
    handles = [
        Patch(facecolor=fill, edgecolor=look.ink["text"], linewidth=0.6,
              label=theme.wrapped(level, 26), hatch="//" if place < half else None)
        for place, (level, fill) in enumerate(zip(levels, fills, strict=True))
    ]  # fmt: skip
    theme.show_legend(ax, handles, n_columns=4 if max(map(len, levels)) < 14 else 3)
