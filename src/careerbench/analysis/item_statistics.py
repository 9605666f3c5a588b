"""How each item of a scale behaves: who skips it, who sits at its ends, does it fit the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis import groups
from careerbench.analysis.answers import Answers, check_answers, lay_out, scale_ends
from careerbench.analysis.quality_results import ItemStatistics
from careerbench.analysis.reliability import alpha_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

_COLUMNS = (
    "item", "n_asked", "n_answered", "n_missing", "share_missing", "mean", "sd", "n_floor",
    "n_ceiling", "floor_share", "ceiling_share", "n_complete", "item_rest", "alpha_if_dropped",
    "item_reason",
)  # fmt: skip


def item_statistics(
    answers: pd.DataFrame,
    *,
    by: str | Iterable[str] | None = None,
    ends: tuple[float, float] | None = None,
) -> ItemStatistics:
    """Describe each item of a scale.

    Parameters
    ----------
    answers : DataFrame
        As for :func:`scale_reliability`: one row per respondent and item asked, ``respondent``,
        ``item``, ``value`` (number, missing where not answered), ``school_urn`` if known.
    by : str or list of str, optional
        Columns to take apart, such as ``["scale", "wave"]``.
    ends : tuple of two numbers, optional
        The lowest and highest value an answer can have. Default: the lowest and highest that
        anyone gave to any item of the table.

    Returns
    -------
    ItemStatistics
        One row per group and item: respondents asked and answering, ``share_missing`` (item
        non-response), mean and standard deviation, the shares of answers at the lowest and
        highest value, ``item_rest`` (correlation of the item with the sum of the others) and
        ``alpha_if_dropped`` (Cronbach's alpha of the others).

    Raises
    ------
    MissingColumnsError
        If the table lacks a column.
    TableProblemsError
        If values are text or outside ``ends``, or a respondent has an item twice in one group.
    BadArgumentError
        If ``ends`` are not two numbers in order.

    Notes
    -----
    Mean, spread, floor and ceiling rest on everyone who answered the item; ``item_rest`` and
    ``alpha_if_dropped`` on respondents who answered every item (``n_complete``). These are
    ``r.drop`` and ``alpha.drop`` of R's ``psych::alpha`` on complete answers. There is no
    ``item_rest`` for a constant item (``item_reason``).

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({
    ...     "respondent": list("aabbcc"), "item": ["q1", "q2"] * 3, "value": [1, 2, 2, 2, 4, None],
    ... })
    >>> found = item_statistics(answers, ends=(1, 4)).to_frame()
    >>> found[["item", "n_answered", "n_missing", "mean", "floor_share"]].round(2)
      item  n_answered  n_missing  mean  floor_share
    0   q1           3          0  2.33         0.33
    1   q2           2          1  2.00         0.00
    """
    import pandas as pd

    step = "item_statistics"
    names = groups.free_names(by, (*_COLUMNS, "respondent", "value"), step=step)
    values = check_answers(answers, names, step=step)
    low, high = scale_ends(values, ends, step=step)
    group, table = groups.group_rows(answers, names)
    parts = [
        _described(lay_out(answers[group == number], values[group == number]), low, high)
        for number in range(len(table))
    ]
    sizes = [len(part) for part in parts]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(_COLUMNS))
    keys = table.loc[np.repeat(np.arange(len(table)), sizes)].reset_index(drop=True)
    return ItemStatistics(pd.concat([keys, rows], axis=1), low=low, high=high, by=tuple(names))


def _described(answers: Answers, low: float, high: float) -> pd.DataFrame:
    """Describe the items of one group, a row for each."""
    import pandas as pd

    there = ~np.isnan(answers.numbers)
    n, n_asked = there.sum(axis=0), answers.asked.sum(axis=0)
    floor, ceiling = ((answers.numbers == end).sum(axis=0) for end in (low, high))
    filled = np.where(there, answers.numbers, 0)
    mean = groups.ratio(filled.sum(axis=0), n)
    squares = (np.where(there, answers.numbers - mean, 0) ** 2).sum(axis=0)
    complete = answers.numbers[answers.complete]
    item_rest, dropped, reason = _fit(complete)
    return pd.DataFrame({
        "item": list(answers.items), "n_asked": n_asked, "n_answered": n,
        "n_missing": n_asked - n, "share_missing": groups.ratio(n_asked - n, n_asked),
        "mean": mean, "sd": np.sqrt(groups.ratio(squares, np.maximum(n - 1, 0))),
        "n_floor": floor, "n_ceiling": ceiling,
        "floor_share": groups.ratio(floor, n), "ceiling_share": groups.ratio(ceiling, n),
        "n_complete": len(complete), "item_rest": item_rest, "alpha_if_dropped": dropped,
        "item_reason": pd.array(reason, dtype="str"),
    })  # fmt: skip


def _fit(complete: NDArray) -> tuple[NDArray, NDArray, list[str | None]]:
    """Correlate each item with the rest, and compute alpha without it."""
    n, k = complete.shape
    nothing = np.full(k, np.nan)
    if n < 2 or k < 2:
        return nothing, nothing, ["one item" if k < 2 else "too few complete"] * k
    covariance = np.cov(complete, rowvar=False)
    own = np.diag(covariance)
    shared = covariance.sum(axis=1) - own
    rest = covariance.sum() - 2 * shared - own
    spread = own * np.maximum(rest, 0)
    item_rest = shared / np.sqrt(np.where(spread > 0, spread, np.nan))
    reason = [
        None if both else ("constant item" if not one else "the other items do not vary")
        for both, one in zip(spread > 0, own > 0, strict=True)
    ]
    if k < 3:
        return item_rest, nothing, reason
    keep = [np.delete(np.arange(k), item) for item in range(k)]
    dropped = alpha_of(np.stack([covariance[np.ix_(some, some)] for some in keep]))
    return item_rest, dropped, reason
