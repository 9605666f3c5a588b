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
    coded : bool
        Whether the column came as categories; what is laid out from it is then categories too.
    """

    codes: NDArray[np.intp]
    texts: pd.Series
    coded: bool = False

    @classmethod
    def of(cls, column: pd.Series) -> Distinct:
        """Look a column of text through once."""
        import pandas as pd

        if column.dtype == "category":
            texts = pd.Series(column.cat.categories, dtype="str")
            return cls(column.cat.codes.to_numpy(), texts, coded=True)
        codes, values = pd.factorize(column)
        return cls(codes, pd.Series(values, dtype="str"))

    def spread(self, per_value: pd.Series) -> pd.Series:
        """Lay one result per different value out over the rows; blank rows get missing."""
        import pandas as pd

        if self.coded:
            return _as_categories(self.codes, per_value)
        blanks = bool(self.codes.size) and int(self.codes.min()) < 0
        return pd.Series(per_value.array.take(self.codes, allow_fill=blanks))

    def spread_reasons(self, per_value: pd.Series, *, blank: str) -> pd.Series:
        """Lay reasons out over the rows; blank rows get ``blank``."""
        import pandas as pd

        if self.coded:
            return _as_categories(self.codes, per_value.astype("str"), blank)
        words = pd.array([*per_value.tolist(), blank], dtype="str")  # code -1 is the last of these
        return pd.Series(words.take(self.codes))


def _as_categories(
    codes: NDArray[np.intp], per_value: pd.Series, blank: str | None = None
) -> pd.Series:
    """Give every row its value, and ``blank`` where it has none; like values share a category."""
    import numpy as np
    import pandas as pd

    words = pd.concat([per_value, pd.Series([blank], dtype=per_value.dtype)], ignore_index=True)
    places, values = pd.factorize(words)  # the last place is that of code -1
    if not np.array_equal(places[:-1], np.arange(len(per_value))) or places[-1] != -1:
        codes = places[codes]
    kinds = pd.Index(values, dtype=per_value.dtype)
    return pd.Series(pd.Categorical.from_codes(codes, kinds, validate=False))


def key_of(frame: pd.DataFrame, columns: Sequence[str]) -> NDArray[np.int64]:
    """Give each row a number that it shares with the rows that agree in all the columns."""
    import numpy as np
    import pandas as pd

    key = np.zeros(len(frame), np.int64)
    n_keys = 1
    for name in columns:
        column = frame[name]
        if column.dtype == "category":
            codes, values = column.cat.codes.to_numpy(), column.cat.categories
        else:
            codes, values = pd.factorize(column)
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
        if n_keys > 1:
            key *= width
        key += codes
        key += 1
        n_keys *= width
    return key
