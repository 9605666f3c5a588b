"""Values withheld to protect people: a hatched mark and a word, neither zero nor a gap.

A table from a release says why a value is blank: ``c`` in ``<value>_reason``, or in ``reason``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from careerbench.errors import counted
from careerbench.plots import theme

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

HIDDEN = "c"


def is_hidden(table: pd.DataFrame, value: str) -> NDArray[np.bool_]:
    """Say which rows have their value withheld.

    Examples
    --------
    >>> import pandas as pd
    >>> is_hidden(pd.DataFrame({"share": [0.5, None], "reason": [None, "c"]}), "share").tolist()
    [False, True]
    """
    blank = table[value].isna().to_numpy(dtype=bool)
    for name in (f"{value}_reason", "reason"):
        if name in table.columns:
            withheld = (table[name].astype("str") == HIDDEN).to_numpy(dtype=bool, na_value=False)
            return np.asarray(blank & withheld)
    return np.zeros(len(table), dtype=bool)


def hide_row(ax: Axes, place: float, *, height: float = 0.5, upright: bool = False) -> None:
    """Draw a hatched band across the picture at one place, with the word on it."""
    from matplotlib.patches import Rectangle

    start = (place - height / 2, 0.0) if upright else (0.0, place - height / 2)
    size = (height, 1.0) if upright else (1.0, height)
    spot = (place, 0.5) if upright else (0.5, place)
    across = ax.get_xaxis_transform() if upright else ax.get_yaxis_transform()
    ax.add_patch(Rectangle(start, *size, transform=across, zorder=2, **hatched()))
    say_hidden(ax, spot, transform=across, rotation=90 if upright else 0)


def hatched() -> dict[str, Any]:
    """Return how a withheld value's mark is filled."""
    look = theme.load_theme().hidden
    return {
        "facecolor": look["fill"],
        "edgecolor": look["edge"],
        "hatch": look["hatch"],
        "linewidth": 0.6,
    }


def say_hidden(ax: Axes, spot: tuple[float, float], **how: Any) -> None:
    """Write the word on a light ground, where the hatching lets it be read."""
    look = theme.load_theme()
    how.setdefault("zorder", 5)
    ax.text(
        *spot,
        look.hidden["word"],
        fontsize=look.sizes["small"],
        color=look.ink["text"],
        ha="center",
        va="center",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        **how,
    )


def say_count(count: Any, *, hidden: bool = False) -> str:
    """Say a count, or that it is withheld, or that there is none.

    Examples
    --------
    >>> say_count(12.0), say_count(float("nan"), hidden=True), say_count(None)
    ('12', 'hidden', '–')
    """
    if count is None or count != count:
        return theme.load_theme().hidden["word"] if hidden else "–"
    return str(int(count))


def hidden_words(n_hidden: int, what: str) -> str:
    """Add to a sentence that something is withheld; nothing where nothing is.

    Examples
    --------
    >>> hidden_words(2, "share"), hidden_words(0, "share")
    (' 2 shares are hidden to protect people.', '')
    """
    if not n_hidden:
        return ""
    verb = "is" if n_hidden == 1 else "are"
    return f" {counted(n_hidden, what)} {verb} hidden to protect people."
