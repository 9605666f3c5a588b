"""``Distinct``: a column as its few different values, so that each is looked at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import careerbench.errors as errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_ROOM = 2**62


@dataclass(frozen=True)
class Distinct:
    """The different texts of a column, and which of them each row holds.

    Attributes
    ----------
    codes : array of int
        Place in ``texts`` for each row; -1 where the cell is blank.
    texts : Series of str
        The different texts.
    """

    codes: NDArray[np.intp]
    texts: pd.Series

    @classmethod
    def of(cls, column: pd.Series) -> Distinct:
        """Look a column of text through once."""
        import pandas as pd

        codes, values = pd.factorize(column)
        return cls(codes, pd.Series(values, dtype="str"))

    def spread(self, per_value: pd.Series) -> pd.Series:
        """Lay one result per different value out over the rows; blank rows get missing."""
        import pandas as pd

        return pd.Series(per_value.array.take(self.codes, allow_fill=True))

    def spread_reasons(self, per_value: pd.Series, *, blank: str) -> pd.Series:
        """Lay reasons out over the rows; blank rows get ``blank``."""
        import pandas as pd

        words = pd.array([*per_value, blank], dtype="str")  # code -1 is the last of these
        return pd.Series(words.take(self.codes))


def key_of(frame: pd.DataFrame, columns: Sequence[str]) -> NDArray[np.int64]:
    """Give each row a number that it shares with the rows that agree in all the columns."""
    import numpy as np
    import pandas as pd

    key = np.zeros(len(frame), np.int64)
    n_keys = 1
    for name in columns:
        codes, values = pd.factorize(frame[name])
        width = len(values) + 1
        if n_keys * width > _ROOM:
            key, kept = pd.factorize(key)
            n_keys = len(kept)
        if n_keys * width > _ROOM:
            raise errors.ReadError(
                "load: the table has too many different keys to compare its rows.",
                found=f"{n_keys} keys",
                hint="split the file, by wave for example",
            )
        key = key * width + (codes + 1)
        n_keys *= width
    return key
