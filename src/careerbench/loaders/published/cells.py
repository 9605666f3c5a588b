"""Published cells: a number, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from careerbench.loaders.distinct import Distinct
from careerbench.loaders.schema import load_symbols

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.loaders.validate import Findings

_NUMBER = (
    r"^[+-]?(?:(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?:[eE][+-]?[0-9]{1,2})?$"
)
HINT = "a number, a percentage or a symbol of the publisher's, such as SUPP, z or c"


@dataclass(frozen=True)
class Cells:
    """Different texts of a table and what each of them says.

    Attributes
    ----------
    texts : Series of str
        The different texts.
    numbers : Series of float
        The number a text says, with its ``%`` taken off; missing where it says none.
    reasons : Series of str
        What a symbol means; missing where the text is not a symbol.
    percent : array of bool
        Texts that carry a ``%``.
    """

    texts: pd.Series
    numbers: pd.Series
    reasons: pd.Series
    percent: NDArray[np.bool_]

    @classmethod
    def of(cls, texts: pd.Series, also: Mapping[str, str] | None = None) -> Cells:
        """Read each text once; ``also`` gives symbols beside those of ``symbols.toml``."""
        import pandas as pd
        import pyarrow as pa
        import pyarrow.compute as pc

        cells = pc.utf8_trim_whitespace(pa.array(texts, pa.large_string()))
        percent = pc.ends_with(cells, "%")
        bare = pc.utf8_trim_whitespace(pc.replace_substring_regex(cells, "%$", ""))
        right = pc.match_substring_regex(bare, _NUMBER)
        plain = pc.replace_substring(pc.if_else(right, bare, None), ",", "")
        plain = pc.replace_substring_regex(plain, r"^\+", "")
        numbers = pd.Series(pc.cast(plain, pa.float64()).to_numpy(zero_copy_only=False))
        symbols = load_symbols() | {said.casefold(): why for said, why in (also or {}).items()}
        folded = pc.utf8_lower(cells).to_pylist()
        reasons = pd.Series([symbols.get(text) for text in folded], dtype="str")
        return cls(texts, numbers, reasons, percent.to_numpy(zero_copy_only=False))

    @property
    def unread(self) -> pd.Series:
        """Texts that are neither a number nor a symbol."""
        return self.numbers.isna() & self.reasons.isna()


def looks_numeric(cells: Cells, counts: NDArray[np.int64]) -> bool:
    """Tell a column of numbers from a column of words, by how often each text stands in it.

    A column of numbers holds symbols and at least nine numbers for each text that is neither; a
    filter such as age, which also holds ``Total``, is words. A blank column counts as numbers, so
    that each of its cells gets its reason.
    """
    unread, numbers = cells.unread.to_numpy(), cells.numbers.notna().to_numpy()
    n_unread, n_numbers = int(counts[unread].sum()), int(counts[numbers].sum())
    totals = cells.texts[unread].str.casefold().isin(["total", "all"]).any()
    return n_numbers >= 9 * n_unread and not totals


def n_words_among_numbers(cells: Cells, counts: NDArray[np.int64]) -> int:
    """Count cells that are neither numbers nor symbols in a column that mostly holds numbers.

    0 where the column is one of numbers, or of words.
    """
    unread, numbers = cells.unread.to_numpy(), cells.numbers.notna().to_numpy()
    n_unread, n_numbers = int(counts[unread].sum()), int(counts[numbers].sum())
    return n_unread if not looks_numeric(cells, counts) and n_numbers >= n_unread else 0


def read_column(
    column: pd.Series, name: str, findings: Findings, also: Mapping[str, str] | None = None
) -> dict[str, pd.Series]:
    """Turn a column of published cells into a value and its reason, and note what is neither."""
    distinct = Distinct.of(column)
    cells = Cells.of(distinct.texts, also)
    note_unread(distinct, cells, name, findings)
    reasons = distinct.spread_reasons(cells.reasons, blank="blank")
    return {
        name: distinct.spread(cells.numbers.astype("Float64")),
        f"{name}_reason": reasons,
    }


def note_unread(distinct: Distinct, cells: Cells, name: str, findings: Findings) -> None:
    """Note every row of a column whose cell is neither a number nor a known symbol."""
    bad = cells.unread
    said = [f"'{text}' is neither a number nor a known symbol" for text in cells.texts[bad]]
    findings.errors(distinct.codes, bad, name, said, HINT)


def counts_of(distinct: Distinct) -> NDArray[np.int64]:
    """Count the rows of each different text."""
    import numpy as np

    at = distinct.codes[distinct.codes >= 0]
    return np.bincount(at, minlength=len(distinct.texts))
