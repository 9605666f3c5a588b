"""Figures of open data as text: counts, percentages and means, or the symbol of what is blank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.report.facts import load_words
from careerbench.result import half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def figures(values: pd.Series, reasons: pd.Series, *, decimals: int = 0) -> pd.Series:
    """Write figures as text; a blank one is its symbol, never nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> figures(pd.Series([3.0, None]), pd.Series(["", "c"])).tolist()
    ['3', 'c']
    """
    import pandas as pd

    shown = [plain(value, decimals) if value == value else "" for value in values]
    unknown = load_words("open_data/words")["symbols"]["not_available"]
    blank = reasons.where(reasons.ne(""), unknown).fillna(unknown)
    return pd.Series(shown, index=values.index, dtype="str").mask(values.isna(), blank)


def percentages(parts: pd.Series, wholes: pd.DataFrame, *, policy: Mapping[str, int]) -> pd.Series:
    """Work out percentages where both counts are shown; else say by a symbol why not.

    Parameters
    ----------
    parts : Series of float
        The counts above the line; missing where hidden.
    wholes : DataFrame
        For each, ``whole`` (the count below the line) and ``reason``: why it is missing, ``x``
        where the release does not hold it and ``z`` where a percentage makes no sense.
    policy : mapping
        ``least`` (of what count a percentage may be given) and ``decimals``.

    Returns
    -------
    Series of str
        ``z`` of nobody, ``u`` of fewer than ``least``, ``low`` where a percentage that is not 0
        rounds to 0.
    """
    import pandas as pd

    symbols = load_words("open_data/words")["symbols"]
    whole, reason = wholes["whole"], wholes["reason"]
    said = [
        _percent(float(part), float(of), int(policy["decimals"]), symbols["rounds_to_zero"])
        if part == part and of == of and of > 0
        else ""
        for part, of in zip(parts, whole, strict=True)
    ]
    choices = [
        (reason.isin([symbols["not_applicable"], symbols["not_available"]]), reason),
        (parts.isna() | whole.isna(), symbols["hidden"]),
        (whole == 0, symbols["not_applicable"]),
        (whole < int(policy["least"]), symbols["low_reliability"]),
    ]
    result = pd.Series(said, index=parts.index, dtype="str")
    taken = np.zeros(len(result), dtype=bool)
    for where, symbol in choices:
        mine = where.to_numpy(dtype=bool) & ~taken
        result = result.mask(mine, symbol)
        taken |= mine
    return result


def plain(value: float, decimals: int) -> str:
    """Write a number as files hold it: an ASCII minus and no thousands.

    Examples
    --------
    >>> plain(1234.0, 0), plain(-2.25, 1)
    ('1234', '-2.3')
    """
    return half_up(value, places=decimals).replace("\u2212", "-")


def _percent(part: float, whole: float, decimals: int, low: str) -> str:
    said = plain(100 * part / whole, decimals)
    return low if part and not float(said) else said
