"""The slope: where each Benchmark stood before, and where it stands after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.analysis.results import Change
from careerbench.errors import BadArgumentError
from careerbench.plots import theme
from careerbench.plots.behind import keep_table
from careerbench.plots.hidden import hide_row, is_hidden
from careerbench.plots.rows import spread_out
from careerbench.plots.series import say
from careerbench.result import half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

_STEP = "plot_slope"
_MOST_LINES = 30
_LINE_INCHES = 0.26
_WAYS = {
    "rose": {"symbol": "▲", "marker": "^", "linestyle": "-", "colour": 1},
    "fell": {"symbol": "▼", "marker": "v", "linestyle": "--", "colour": 0},
    "stayed": {"symbol": "●", "marker": "o", "linestyle": ":", "colour": 2},
}


def plot_slope(
    change: Change, *, ax: Axes | None = None, labels: Mapping[str, str] | None = None
) -> Axes:
    """Draw a line for each Benchmark from its share before to its share after.

    Parameters
    ----------
    change : Change
        From ``analysis.change``; at most thirty rows. The shares are those of matched schools.
    ax : Axes, optional
        Where to draw; without it a new figure.
    labels : mapping, optional
        Benchmark id to short title.

    Returns
    -------
    Axes
        Shares before at the left and after at the right, with names moved apart where lines end
        close together. A share that rose, fell or stayed has a line style, a symbol and a colour
        of its own; a hidden one is named below. For intervals see :func:`plot_change`;
        its words are those of ``describe_change``.

    Raises
    ------
    BadArgumentError
        If ``change`` is not a ``Change`` record, or has more than thirty rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> scores = pd.DataFrame({"school_urn": ["1", "1"], "wave": ["before", "after"]})
    >>> scores = scores.assign(benchmark="p1", state=["partial", "achieved"])
    >>> ax = plot_slope(analysis.change(scores, before="before", after="after"))
    >>> [word.get_text() for word in ax.texts]
    ['p1  0%', '100%  p1  ▲ +100 pp']
    """
    theme.require_record(change, Change, step=_STEP, hint="analysis.change(scores, ...)")
    table = change.to_frame()
    if len(table) > _MOST_LINES:
        raise BadArgumentError(
            f"{_STEP}: {len(table)} lines cannot be told apart.",
            found=f"{len(table)} combinations of Benchmark and {', '.join(change.by)}",
            hint=f"analysis.change of at most {_MOST_LINES}, or plots.plot_change",
        )
    look = theme.load_theme()
    inches = max(3.8, 1.8 + _LINE_INCHES * len(table))
    ax = theme.place_to_draw(ax, width=look.sizes["width"] + 1.8, height=inches)
    keep_table(ax, table)
    if not len(table):
        theme.say_nothing_to_draw(ax, "No school to show")
        return ax
    table["name"] = [
        " · ".join([theme.named(row["benchmark"], labels), *(say(row[name]) for name in change.by)])
        for row in table.to_dict("records")
    ]
    known = table[(table["n_pairs"] > 0) & table["matched_change_pp"].notna()]
    handles = _draw_lines(ax, known)
    _dress(ax, change)
    _name_ends(ax, known, gap=1.35 * look.sizes["small"] / (72 * max(1.0, _inside(ax))))
    _name_the_rest(ax, table)
    if handles:
        theme.show_legend(ax, handles)
    return ax


def way_of(points: float) -> str:
    """Say which way a change goes.

    Examples
    --------
    >>> way_of(12.5), way_of(-0.1), way_of(0.0)
    ('rose', 'fell', 'stayed')
    """
    return "rose" if points > 0 else "fell" if points < 0 else "stayed"


def _draw_lines(ax: Axes, known: pd.DataFrame) -> list[Line2D]:
    """Draw each line in the manner of its way; hand back one for each way met."""
    colours = theme.load_theme().colours
    handles = {}
    for _, row in known.iterrows():
        way = way_of(row["matched_change_pp"])
        how = _WAYS[way]
        (line,) = ax.plot(
            [0, 1],
            [row["matched_share_before"], row["matched_share_after"]],
            linestyle=str(how["linestyle"]),
            marker=str(how["marker"]),
            color=colours[int(str(how["colour"]))],
            linewidth=1.6,
            markersize=6,
            clip_on=False,
            label=f"{how['symbol']} {way}",
        )
        handles[way] = line
    return [handles[way] for way in _WAYS if way in handles]


def _dress(ax: Axes, change: Change) -> None:
    """Write waves below, and leave the scale to the labels at both ends."""
    look = theme.load_theme()
    theme.dress(ax, title="Share of the same schools achieving each Benchmark", grid="x")
    ax.spines["bottom"].set_visible(False)
    ax.set_xticks([0, 1], [theme.wrapped(change.before, 18), theme.wrapped(change.after, 18)])
    ax.set_yticks([])
    ax.set_xlim(-0.05, 1.05)
    ax.set_ylim(-0.03, 1.03)
    ax.tick_params(axis="x", labelsize=look.sizes["text"])


def _inside(ax: Axes) -> float:
    """Return about how many inches high the picture itself is."""
    figure = ax.figure.get_figure(root=True)
    return float(figure.get_size_inches()[1] * ax.get_position().height / 0.77 - 1.1)


def _name_ends(ax: Axes, known: pd.DataFrame, *, gap: float) -> None:
    """Write names and shares at both ends, moved apart, each with a thread to its point."""
    ends = {"before": (0, -0.09, "right"), "after": (1, 1.09, "left")}
    for end, (x, edge, side) in ends.items():
        shares = known[f"matched_share_{end}"].to_numpy()
        # equal shares stand in the order in which their lines arrive
        other = known["matched_share_before" if end == "after" else "matched_share_after"]
        places = spread_out(shares + 1e-6 * other.to_numpy(), gap=gap * 1.15)
        low, high = ax.get_ylim()
        ax.set_ylim(min(low, *(places - gap)), max(high, *(places + gap)))
        for (_, row), share, place in zip(known.iterrows(), shares, places, strict=True):
            ax.annotate(
                _end_words(row, end),
                (x, share),
                xytext=(edge, place),
                ha=side,
                va="center",
                fontsize=theme.load_theme().sizes["small"],
                color=theme.load_theme().ink["text"],
                annotation_clip=False,
                arrowprops={
                    "arrowstyle": "-",
                    "color": theme.load_theme().ink["quiet"],
                    "linewidth": 0.5,
                    "relpos": (1 - x, 0.5),
                    "shrinkA": 1,
                    "shrinkB": 4,
                },
            )


def _end_words(row: pd.Series, end: str) -> str:
    """Say a name, its share and, after, the change in percentage points."""
    name, share = theme.short(row["name"], 30), theme.percent(row[f"matched_share_{end}"])
    if end == "before":
        return f"{name}  {share}"
    points = float(row["matched_change_pp"])
    symbol = _WAYS[way_of(points)]["symbol"]
    return f"{share}  {name}  {symbol} {half_up(round(points, 9), sign=True)} pp"


def _name_the_rest(ax: Axes, table: pd.DataFrame) -> None:
    """Say below which rows have no line: hidden, or without a matched school."""
    size = theme.load_theme().sizes["small"]
    hidden = is_hidden(table, "matched_change_pp")
    nobody = (table["n_pairs"] == 0).to_numpy(dtype=bool)
    said = [
        f"{word}: {', '.join(theme.short(name, 30) for name in table.loc[rows, 'name'])}"
        for word, rows in (("hidden", hidden), ("no matched school", nobody))
        if rows.any()
    ]
    if hidden.any():
        low, high = ax.get_ylim()
        hide_row(ax, low - 0.04, height=0.06)
        ax.set_ylim(low - 0.1, high)
    if said:
        ax.set_xlabel("\n".join(theme.wrapped(words, 90) for words in said), fontsize=size)
