"""Rows that say the same thing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.loaders.distinct import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.loaders.validate import Findings

_MARKED = 100_000_000


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

    if len(key) == 1 and _are_different_numbers(frame[key[0]]):
        return
    numbers = key_of(frame, key)
    if _are_different(numbers):  # much faster than hashing, and the usual case
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


def _are_different(numbers: NDArray[np.int64]) -> bool:
    """Tell whether no number stands twice: by marking off, or sorting if they are far apart."""
    import numpy as np

    if not numbers.size:
        return True
    n_keys = int(numbers.max()) + 1
    if n_keys <= _MARKED:
        met = np.zeros(n_keys, bool)
        met[numbers] = True
        return int(np.count_nonzero(met)) == numbers.size
    in_order = np.sort(numbers)
    return bool((in_order[1:] != in_order[:-1]).all())


def _are_different_numbers(column: pd.Series) -> bool:
    """Tell quickly that no text stands twice, where all are digits; False where in doubt."""
    import numpy as np
    import pyarrow as pa

    if column.dtype != "str" or column.isna().any():
        return False
    try:
        numbers = pa.array(column, pa.large_string()).cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return False
    in_order = np.sort(numbers)
    return bool((in_order[1:] != in_order[:-1]).all())
