"""The funnel: each school's share against limits that allow for its size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from careerbench.analysis.fair_results import Funnel
from careerbench.errors import counted
from careerbench.plots import theme
from careerbench.plots.behind import keep_table
from careerbench.plots.hidden import hatched, is_hidden
from careerbench.plots.rows import spread_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from numpy.typing import NDArray

_STEP = "plot_funnel"
_MOST_NAMED = 14
_KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "within": ("within the limits", {"marker": "o", "markerfacecolor": "white"}),
    "watch": ("outside 95%", {"marker": "^"}),
    "far": ("outside 99.8%", {"marker": "D"}),
}
_COLOURS = {"within": 1, "watch": 0, "far": 4}
_LINES = {"95": "--", "998": "-"}


def plot_funnel(
    found: Funnel,
    *,
    ax: Axes | None = None,
    school: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> Axes:
    """Draw each school's share over its denominator, with 95% and 99.8% limits.

    Parameters
    ----------
    found : Funnel
        From ``analysis.funnel``.
    ax : Axes, optional
        Where to draw; without it a new figure.
    school : str, optional
        The school to mark and name as "my school".
    labels : mapping, optional
        School number to name.

    Returns
    -------
    Axes
        The target as a line, the limits widened for over-dispersion (the exact ones where there
        is none) as curves. Schools within, outside 95% and outside 99.8% differ in symbol,
        colour and words; those outside 99.8% are named at the right, at most fourteen. How many
        are not compared, or hidden, is said below.

    Raises
    ------
    BadArgumentError
        If ``found`` is not a ``Funnel`` record, or has no such school.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> counts = pd.DataFrame({"met": [12, 30, 50], "asked": [82, 98, 125]})
    >>> counts = counts.assign(school_urn=list("abc"))
    >>> found = analysis.funnel(counts, numerator="met", denominator="asked", adjustment="none")
    >>> ax = plot_funnel(found, school="b")
    >>> [word.get_text() for word in ax.texts]
    ['a: 15% of 82', 'my school: b: 31% of 98']
    """
    hint = "analysis.funnel(data, numerator=..., denominator=...)"
    theme.require_record(found, Funnel, step=_STEP, hint=hint)
    table = found.to_frame()
    mine = theme.find_school(table, school, step=_STEP)
    look = theme.load_theme()
    ax = theme.place_to_draw(ax, width=look.sizes["width"] + 1.2, height=4.6)
    keep_table(ax, table)
    known = table[table["share"].notna()]
    if known.empty:
        theme.say_nothing_to_draw(ax, "No school to compare")
        return ax
    handles: list[Any] = [
        *_draw_limits(ax, found, float(known["denominator"].max())),
        *_draw(ax, known),
    ]
    theme.dress(ax, title=found.caption, grid="y")
    _label_axes(ax, table)
    named = _to_name(known, mine)
    handles += _name_schools(ax, known.loc[named], mine, labels)
    if is_hidden(table, "share").any():
        handles.append(theme.patch(label=look.hidden["word"], **hatched()))
    theme.show_legend(ax, handles)
    return ax


def kinds_of(table: pd.DataFrame) -> NDArray[np.str_]:
    """Say for each school where it lies by the widened limits."""
    share = table["share"].to_numpy(dtype=np.float64)
    outside = {
        level: (share > table[f"od_high_{level}"].to_numpy(dtype=np.float64))
        | (share < table[f"od_low_{level}"].to_numpy(dtype=np.float64))
        for level in ("95", "998")
    }
    return np.select([outside["998"], outside["95"]], ["far", "watch"], default="within")


def _draw_limits(ax: Axes, found: Funnel, largest: float) -> list[Line2D]:
    """Draw target and limits over the range of sizes; hand back one line of each kind."""
    look = theme.load_theme()
    size = np.unique(np.linspace(1, max(largest * 1.05, 2.0), 300).round())
    limits = found.limits(size)
    ink: dict[str, Any] = {"color": look.ink["quiet"], "linewidth": 1.1, "zorder": 2}
    ax.axhline(found.target, color=look.ink["text"], linewidth=1.0, linestyle=":", zorder=2)
    handles = [theme.line(color=look.ink["text"], linestyle=":", label=_target_words(found))]
    widened = not np.allclose(limits["od_low_95"], limits["low_95"], equal_nan=True)
    for level, words in (("95", "95% limits"), ("998", "99.8% limits")):
        for end in ("low", "high"):
            ax.plot(size, limits[f"od_{end}_{level}"], linestyle=_LINES[level], **ink)
        label = f"{words}, widened" if widened else words
        handles.append(theme.line(color=ink["color"], linestyle=_LINES[level], label=label))
    return handles


def _target_words(found: Funnel) -> str:
    """Say the target, and where it comes from."""
    who = "target" if found.target_given else "all schools together"
    return f"{who}: {theme.percent(found.target)}"


def _draw(ax: Axes, known: pd.DataFrame) -> list[Line2D]:
    """Draw a mark for each school; hand back one of each kind with its number of schools."""
    kinds, handles = kinds_of(known), []
    for kind, (words, how) in _KINDS.items():
        rows = known[kinds == kind]
        mark: dict[str, Any] = {
            "linestyle": "none",
            "color": theme.load_theme().colours[_COLOURS[kind]],
            "markersize": 6,
            **how,
        }
        ax.plot(rows["denominator"], rows["share"], clip_on=False, zorder=3, **mark)
        label = f"{words}: {counted(len(rows), 'school')}"
        handles.append(theme.line(label=label, **mark))
    return handles


def _to_name(known: pd.DataFrame, mine: object) -> list[object]:
    """Pick the schools to name: those furthest outside, and mine."""
    far = known.index[kinds_of(known) == "far"]
    furthest = known.loc[far, "z_adjusted"].abs().sort_values(ascending=False, kind="stable")
    named = list(furthest.index[:_MOST_NAMED])
    return [*named, *([mine] if mine in known.index and mine not in named else [])]


def _name_schools(
    ax: Axes, rows: pd.DataFrame, mine: object, labels: Mapping[str, str] | None
) -> list[Line2D]:
    """Write names at the right, moved apart, each with a thread to its mark; circle mine."""
    look = theme.load_theme()
    if rows.empty:
        return []
    low, high = ax.get_ylim()
    gap = 0.055
    spots = spread_out((rows["share"].to_numpy() - low) / (high - low), gap=gap)
    spots = spots - max(0.0, spots.max() - 1.0)
    for (index, row), spot in zip(rows.iterrows(), spots, strict=True):
        name = theme.short(theme.named(row.iloc[0], labels), 30)
        said = f"{name}: {theme.percent(row['share'])} of {int(row['denominator'])}"
        ax.annotate(
            f"my school: {said}" if index == mine else said,
            (row["denominator"], row["share"]),
            xytext=(1.03, spot),
            textcoords="axes fraction",
            fontsize=look.sizes["small"],
            fontweight="bold" if index == mine else "normal",
            color=look.ink["text"],
            va="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-", "color": look.ink["quiet"], "linewidth": 0.5, "shrinkB": 4,
            },
        )  # fmt: skip
    if mine not in rows.index:
        return []
    ring: dict[str, Any] = {
        "linestyle": "none", "marker": "o", "markersize": 13, "markerfacecolor": "none",
        "markeredgecolor": look.ink["text"], "markeredgewidth": 1.6,
    }  # fmt: skip
    ax.plot(rows.loc[mine, "denominator"], rows.loc[mine, "share"], zorder=4, **ring)
    return [theme.line(label="my school", **{**ring, "markersize": 9})]


def _label_axes(ax: Axes, table: pd.DataFrame) -> None:
    """Write percent at the left, sizes below, and who is not in the picture."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    hidden = int(is_hidden(table, "share").sum())
    without = int(table["share"].isna().sum()) - hidden
    said = [
        f"{counted(n, 'school')} {words}"
        for n, words in ((without, "not compared"), (hidden, "hidden to protect people"))
        if n
    ]
    ax.set_xlim(0, None)
    low, high = ax.get_ylim()
    ax.set_ylim(max(low, -0.02), min(high, 1.02))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: theme.percent(round(share, 6))))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    size = theme.load_theme().sizes["text"]
    ax.set_xlabel("\n".join(["Number the share is of", ", ".join(said)]).strip(), fontsize=size)
    ax.set_ylabel("Share", fontsize=size)
