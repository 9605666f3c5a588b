"""How schools are spread, and where my school stands among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from careerbench.analysis.fair_results import Funnel, Shrunken
from careerbench.analysis.results_describe import NumberAchieved
from careerbench.errors import BadArgumentError, counted
from careerbench.plots import theme
from careerbench.plots.behind import keep_table
from careerbench.plots.hidden import hatched, is_hidden
from careerbench.plots.rows import pick_rows, which
from careerbench.result import half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

_STEP = "plot_distribution"
_N_BINS = 20
_SPREAD = NumberAchieved | Funnel | Shrunken


def plot_distribution(
    found: NumberAchieved | Funnel | Shrunken,
    *,
    ax: Axes | None = None,
    school: str | None = None,
    where: Mapping[str, object] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Axes:
    r"""Draw how many schools stand where, with my school marked.

    Parameters
    ----------
    found : NumberAchieved, Funnel or Shrunken
        From ``analysis.number_achieved`` (Benchmarks achieved by each school),
        ``analysis.funnel`` (each school's share) or ``analysis.shrunken_estimates`` (each
        school's own figure, before it is pulled in).
    ax : Axes, optional
        Where to draw; without it a new figure.
    school : str, optional
        The school to mark and name as "my school".
    where : mapping, optional
        Which rows, where there are several waves or groups: ``{"wave": "year 1"}``.
    labels : mapping, optional
        School number to name.

    Returns
    -------
    Axes
        A bar for each number of Benchmarks, or for each twentieth of the way from the lowest
        figure to the highest, with its number of schools. My school's bar is hatched, and an
        arrow and words say where it stands. How many schools have no figure, or a hidden one,
        is said below.

    Raises
    ------
    BadArgumentError
        If ``found`` is none of the records, holds several waves or groups and ``where`` does not
        pick one, or has no such school.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> scores = pd.DataFrame({"school_urn": list("112233"), "benchmark": ["p1", "p2"] * 3})
    >>> scores["state"] = ["achieved"] * 4 + ["achieved", "partial"]
    >>> ax = plot_distribution(analysis.number_achieved(scores), school="3")
    >>> [word.get_text() for word in ax.texts]
    ['0', '1', '2', 'my school: 3\n1 Benchmark']
    """
    rows, value, keys = values_of(found, where, step=_STEP)
    mine = theme.find_school(rows, school, step=_STEP)
    look = theme.load_theme()
    ax = theme.place_to_draw(ax, width=look.sizes["width"], height=3.8)
    keep_table(ax, rows)
    known = rows[value].dropna().to_numpy(dtype=np.float64)
    if not len(known):
        theme.say_nothing_to_draw(ax, "No school to show")
        return ax
    whole = isinstance(found, NumberAchieved)
    most = int(found.table["n_benchmarks"].max()) if isinstance(found, NumberAchieved) else 0
    edges = np.arange(-0.5, most + 1) if whole else _edges(known)
    counts = np.histogram(known, edges)[0]
    at = float(rows.loc[mine, value]) if mine is not None else float("nan")
    top = _draw_bars(ax, edges, counts, at)
    title = "Schools by number of Benchmarks achieved" if whole else "Schools by their figure"
    theme.dress(ax, title=f"{title}{which(rows, keys)}", grid="y")
    _label_axes(ax, rows, value, found, edges)
    if mine is not None:
        hidden = bool(is_hidden(rows.loc[[mine]], value)[0])
        said = "hidden" if hidden else say_value(at, found)
        name = theme.short(theme.named(school, labels), 44)
        _mark_mine(ax, f"my school: {name}\n{said}", at, top)
    return ax


def values_of(
    found: object, where: Mapping[str, object] | None, *, step: str
) -> tuple[pd.DataFrame, str, list[str]]:
    """Return a row for each school, the column that is spread, and what apart from it varies."""
    if isinstance(found, NumberAchieved):
        keys = [*found.by, *(["wave"] if "wave" in found.schools.columns else [])]
        return pick_rows(found.schools, keys, where, step=step), "n_achieved", keys
    if isinstance(found, Funnel | Shrunken):
        value = "share" if isinstance(found, Funnel) else "raw"
        return pick_rows(found.to_frame(), [], where, step=step), value, []
    raise BadArgumentError(
        f"{step}: a NumberAchieved, Funnel or Shrunken record is needed.",
        found=type(found).__name__,
        hint="analysis.number_achieved(scores)",
    )


def say_value(value: float, found: object) -> str:
    """Say a school's figure in the units of its record."""
    if value != value:
        return "no figure"
    if isinstance(found, NumberAchieved):
        return counted(int(value), "Benchmark")
    share = isinstance(found, Funnel) or getattr(found, "method", "") == "beta-binomial"
    return theme.percent(value) if share else half_up(value, places=2)


def _edges(known: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where the bars of figures begin and end."""
    low, high = float(known.min()), float(known.max())
    reach = (high - low) or max(abs(high), 1.0) * 0.1
    return np.linspace(low - 1e-9 * reach, low + reach * (1 + 1e-9), _N_BINS + 1)


def _draw_bars(
    ax: Axes, edges: NDArray[np.float64], counts: NDArray[np.int64], mine: float
) -> float:
    """Draw a bar with its number for each place; hatch my school's and hand back its height."""
    look = theme.load_theme()
    middles, width = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
    bars = ax.bar(
        middles, counts, width=0.86 * width, color=look.states["achieved"]["fill"],
        edgecolor=look.ink["text"], linewidth=0.6, zorder=3,
    )  # fmt: skip
    held = (edges[:-1] <= mine) & (mine <= edges[1:])
    for bar, here in zip(bars, held, strict=True):
        if here:
            bar.set(hatch="//", facecolor=look.colours[0])
    every = len(counts) <= 12
    for middle, count in zip(middles, counts, strict=True):
        if count or every:
            ax.annotate(
                f"{count}", (middle, count), xytext=(0, 2), textcoords="offset points",
                ha="center", va="bottom", fontsize=look.sizes["small"], color=look.ink["text"],
            )  # fmt: skip
    ax.set_ylim(0, max(1.0, float(counts.max())) * 1.45)
    return float(counts[held].max(initial=0))


def _label_axes(
    ax: Axes, rows: pd.DataFrame, value: str, found: object, edges: NDArray[np.float64]
) -> None:
    """Write what is spread below, and how many schools are not in a bar."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    size = theme.load_theme().sizes["text"]
    whole = isinstance(found, NumberAchieved)
    hidden = is_hidden(rows, value)
    blank = rows[value].isna().to_numpy(dtype=bool)
    n_hidden, n_blank = int(hidden.sum()), int((blank & ~hidden).sum())
    said = [f"{counted(int((~blank).sum()), 'school')}"]
    said += [f"{n_blank} without a figure"] if n_blank else []
    said += [f"{n_hidden} hidden to protect people"] if n_hidden else []
    head = "Benchmarks achieved" if whole else "Each school's own figure"
    ax.set_xlabel(f"{head} ({', '.join(said)})", fontsize=size)
    ax.set_ylabel("Schools", fontsize=size)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlim(edges[0], edges[-1])
    if whole:
        ax.set_xticks(range(len(edges) - 1))
    else:
        ax.xaxis.set_major_formatter(FuncFormatter(lambda at, _: say_value(round(at, 9), found)))
    if n_hidden:
        theme.show_legend(ax, [theme.patch(label=f"hidden: {n_hidden}, in no bar", **hatched())])


def _mark_mine(ax: Axes, words: str, at: float, top: float) -> None:
    """Point at my school with an arrow and words; without a figure the words stand alone."""
    look = theme.load_theme()
    how: dict[str, Any] = {
        "fontsize": look.sizes["small"],
        "fontweight": "bold",
        "color": look.ink["text"],
        "va": "top",
    }
    if at != at:
        ax.text(0.99, 0.97, words, transform=ax.transAxes, ha="right", **how)
        return
    low, high = ax.get_xlim()
    left = (at - low) / (high - low)
    side, start = (
        ("left", 0.0) if left < 0.35 else ("right", 1.0) if left > 0.65 else ("center", 0.5)
    )
    ax.annotate(
        words,
        (at, top + 0.07 * ax.get_ylim()[1]),
        xytext=(min(max(left, 0.02), 0.98), 0.97),
        textcoords="axes fraction",
        ha=side,
        arrowprops={
            "arrowstyle": "-|>",
            "color": look.ink["text"],
            "linewidth": 1.0,
            "relpos": (start, 0.0),
        },
        zorder=6,
        **how,
    )
