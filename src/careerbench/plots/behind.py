"""The table behind a picture: kept as it is drawn, handed out when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from careerbench.errors import BadArgumentError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_TABLES: WeakKeyDictionary[Axes, pd.DataFrame] = WeakKeyDictionary()


def keep_table(ax: Axes, table: pd.DataFrame) -> None:
    """Keep the rows that a picture shows, for as long as the picture lives."""
    _TABLES[ax] = table.reset_index(drop=True)


def table_behind(ax: Axes) -> pd.DataFrame:
    """Hand out the rows that a picture of careerbench shows.

    Parameters
    ----------
    ax : Axes
        What any ``plot_`` function of this room returned.

    Returns
    -------
    DataFrame
        A copy of the rows drawn, in the order drawn, with the columns, units and reasons of the
        result they come from. Of two pictures drawn into the same axes, the last one's.

    Raises
    ------
    BadArgumentError
        If no picture of careerbench was drawn there.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis, plots
    >>> scores = pd.DataFrame({"school_urn": ["1", "2"], "state": ["achieved", "partial"]})
    >>> ax = plots.plot_shares(analysis.achieved_shares(scores.assign(benchmark="p1")))
    >>> table_behind(ax)[["benchmark", "n_schools", "share"]]
      benchmark  n_schools  share
    0        p1          2    0.5
    """
    try:
        return _TABLES[ax].copy()
    except (KeyError, TypeError):
        raise BadArgumentError(
            "table_behind: no picture of careerbench was drawn here.",
            found=type(ax).__name__,
            hint="the axes that a plots.plot_ function returned",
        ) from None
