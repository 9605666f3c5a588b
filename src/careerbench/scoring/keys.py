"""What names a school, wave or year group, as text: 7, 7.0 and "7" are one year group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from careerbench.errors import CareerBenchError, quoted
from careerbench.periods import YEAR_GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


def in_words(values: pd.Series) -> pd.Series:
    """Write a column as text where its values are not alike, or are numbers with a decimal point.

    A number without a fraction loses the point that blanks elsewhere in the column gave it.

    Examples
    --------
    >>> import pandas as pd
    >>> in_words(pd.Series([900001.0, None])).tolist()
    ['900001', nan]
    >>> in_words(pd.Series([900001, "900001"], dtype=object)).tolist()
    ['900001', '900001']
    """
    import pandas as pd

    kind = values.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return values if _is_plain(values.cat.categories) else in_words(values.astype(object))
    if _is_plain(values):
        return values
    words = [_word(value) if there else None
             for value, there in zip(values.tolist(), values.notna(), strict=True)]  # fmt: skip
    return pd.Series(words, index=values.index, dtype="str", name=values.name)


def years_in_words(values: pd.Series, *, step: str) -> pd.Series:
    """Write year groups as categories of text; a blank is missing.

    Raises
    ------
    CareerBenchError
        If one is not ``N``, ``R`` or ``1`` to ``14``.
    """
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        used = values.cat.remove_unused_categories().cat
        codes, distinct = used.codes.to_numpy(), used.categories
    else:
        codes, distinct = pd.factorize(values)
    words = [_word(value) for value in distinct]
    known = [word for word in dict.fromkeys(words) if word]
    refuse_unknown_years(known, step=step)
    places = {word: place for place, word in enumerate(known)}
    table = np.array([*(places.get(word, -1) for word in words), -1])  # the last: no year group
    coded = pd.Categorical.from_codes(table[codes], categories=pd.Index(known, dtype="str"))
    return pd.Series(coded, index=values.index, name=values.name)


def refuse_unknown_years(years: Iterable[str], *, step: str) -> None:
    """Refuse year groups that are none."""
    strange = [year for year in years if year not in YEAR_GROUPS]
    if strange:
        raise CareerBenchError(
            f"{step}: {len(strange)} year group(s) are not known.",
            found=quoted(strange),
            hint="N, R or 1 to 14; loaders.load_audits also reads 'Year 7' and 'Reception'",
        )


def text_of(name: str, kind: nw.dtypes.DType) -> nw.Expr:
    """Write a column of a plan as text, as ``in_words`` does."""
    column = nw.col(name)
    if not (kind.is_float() or kind.is_decimal()):
        return column.cast(nw.String)
    number = column.cast(nw.Float64)
    whole = number.is_finite() & (number == number.floor())
    digits = nw.when(whole).then(number).cast(nw.Int64).cast(nw.String)
    return nw.coalesce(digits, number.cast(nw.String)).alias(name)


def _is_plain(values: pd.Series | pd.Index) -> bool:
    """Tell texts, whole numbers and dates, all of one kind, from what needs writing out."""
    import pandas as pd

    kind = values.dtype
    if pd.api.types.is_object_dtype(kind):
        return pd.api.types.infer_dtype(values, skipna=True) in ("string", "empty")
    return not pd.api.types.is_float_dtype(kind)


def _word(value: object) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value).strip()  # type: ignore[call-overload]
