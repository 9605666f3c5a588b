"""Rows that say the same thing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.loaders.distinct import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from careerbench.loaders.validate import Findings


def note_duplicates(
    frame: pd.DataFrame,
    key: Sequence[str],
    findings: Findings,
    *,
    column: str,
    severity: str = "error",
) -> None:
    """Note every row whose key another row has too; none of them is taken to be the right one.

    Rows with an error already are not looked at. ``column`` is where the note goes.
    """
    import numpy as np
    import pandas as pd

    numbers = key_of(frame, key)
    in_order = np.sort(numbers)
    if not (in_order[1:] == in_order[:-1]).any():  # much faster than hashing, and the usual case
        return
    keys = pd.Series(numbers)[~findings.bad]
    keys = keys[keys.duplicated(keep=False)]
    if not len(keys):
        return
    rows = pd.Series(findings.rows[keys.index], index=keys.index)
    alike = rows.groupby(keys)
    other = np.where(alike.cumcount() == 0, alike.shift(-1), alike.transform("first")).astype(int)
    what = ", ".join(key)
    said = [f"row {each} has the same {what}" for each in other]
    hint = f"one row for each {what}"
    findings.note(keys.index.to_numpy(), column, np.array(said, object), hint, severity=severity)
