"""``Pair``: a data file and its metadata as they were read, and the faults found so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from careerbench.errors import quoted
from careerbench.loaders.problems import COLUMNS, Problems, count

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Sheet:
    """One of the two files: its name, its cells as text (``""`` where blank), its first row.

    Attributes
    ----------
    name : str
        Name of the file.
    frame : DataFrame
        Every cell as text, white space and all.
    header_row : int
        The row that holds the headings, as a spreadsheet counts.
    repeated : tuple of str
        Headings that stand more than once.
    """

    name: str
    frame: pd.DataFrame
    header_row: int
    repeated: tuple[str, ...] = ()

    def has(self, *columns: str) -> bool:
        """Tell whether the file has all of these columns."""
        return set(columns) <= set(self.frame.columns)

    def values(self, column: str) -> pd.Series:
        """Return the different texts of a column, in the order met."""
        return self.frame[column].drop_duplicates()

    def row_of(self, mask: NDArray[np.bool_] | pd.Series) -> int | None:
        """Return the first row of the file that a mask marks."""
        import numpy as np

        at = np.flatnonzero(np.asarray(mask, dtype=bool))
        return int(self.frame.index[at[0]]) + self.header_row + 1 if len(at) else None


@dataclass
class Faults:
    """Faults gathered while the checks run."""

    found: list[tuple[object, ...]] = field(default_factory=list)

    def error(
        self, file: str, column: str, problem: str, hint: str, *, row: int | None = None
    ) -> None:
        """Note what the publisher refuses."""
        self.found.append((file, row, column, "error", problem, hint))

    def warn(
        self, file: str, column: str, problem: str, hint: str, *, row: int | None = None
    ) -> None:
        """Note what the publisher asks to be looked at."""
        self.found.append((file, row, column, "warning", problem, hint))

    def to_problems(self) -> Problems:
        """Put everything found into one record."""
        columns = zip(*dict.fromkeys(self.found), strict=True) if self.found else [()] * 6
        return Problems.of({name: list(said) for name, said in zip(COLUMNS, columns, strict=True)})


@dataclass(frozen=True)
class Pair:
    """Data and metadata that belong together, and where to note faults."""

    data: Sheet
    meta: Sheet
    faults: Faults

    @cached_property
    def filters(self) -> list[str]:
        """Names of the filters, as the metadata list them."""
        return self._named("Filter")

    @cached_property
    def indicators(self) -> list[str]:
        """Names of the indicators, as the metadata list them."""
        return self._named("Indicator")

    @cached_property
    def groups(self) -> list[str]:
        """Names of the columns that group filters; one for each filter that has a group."""
        if not self.meta.has("filter_grouping_column"):
            return []
        return [name for name in self.meta.frame["filter_grouping_column"] if name.strip()]

    @property
    def filters_here(self) -> list[str]:
        """Filters and filter groups that the data have, each once."""
        return [name for name in dict.fromkeys([*self.filters, *self.groups]) if self.has(name)]

    def has(self, *columns: str) -> bool:
        """Tell whether the data have all of these columns."""
        return self.data.has(*columns)

    def _named(self, kind: str) -> list[str]:
        meta = self.meta.frame
        if not self.meta.has("col_name", "col_type"):
            return []
        names = meta.loc[meta["col_type"] == kind, "col_name"]
        return [name for name in names if name.strip()]


def told(values: Iterable[object], *, limit: int = 6) -> str:
    """Join texts for a message, the first few of them."""
    return quoted(values, limit=limit)


def in_rows(n_rows: int) -> str:
    """Say in how many rows something stands.

    Examples
    --------
    >>> in_rows(1), in_rows(45)
    ('in 1 row', 'in 45 rows')
    """
    return f"in {count(n_rows, 'row')}"
