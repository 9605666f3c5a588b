"""Text becomes identifiers, dates, numbers and year groups; what is missing gets its reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from careerbench.loaders.distinct import Distinct
from careerbench.loaders.schema import load_symbols
from careerbench.periods import parse_year_group

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.loaders.schema import Column, TableSchema
    from careerbench.loaders.validate import Findings

_DATE_FORMATS = (
    "%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d",
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M",
    "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%B-%Y", "%A %d %B %Y", "%d/%m/%y", "%d-%b-%y",
)  # fmt: skip
_NUMBER = re.compile(r"\+?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]+)?")
_TRY = {
    "urn": "five to seven digits, such as 900001",
    "laestab": "three digits and four, such as 2013614",
    "date": "a day such as 2021-09-01 or 01/09/2021",
    "integer": "a whole number, 0 or more",
    "number": "a number, 0 or more",
    "percent": "a percentage from 0 to 100",
    "year_group": "R or 1 to 14; one row per year group",
}
_WHAT = {
    "urn": "a URN",
    "laestab": "an LAESTAB",
    "date": "a date",
    "integer": "a whole number",
    "number": "a number",
    "percent": "a percentage",
    "year_group": "a year group",
}


def convert_columns(frame: pd.DataFrame, schema: TableSchema, findings: Findings) -> pd.DataFrame:
    """Turn each known column into its kind, with its reason beside it.

    Known columns come in the schema's order; the others stay text and follow as they came. A
    reason that the file itself gives for a blank is kept.
    """
    import pandas as pd

    done: dict[str, pd.Series] = {}
    for column in schema.columns.values():
        if column.name in frame:
            done |= _convert(frame[column.name], column, schema, findings)
            done |= _given_reason(frame, done, f"{column.name}_reason")
        elif column.always:
            done |= _absent(column, frame.index)
    done |= {str(name): frame[name] for name in frame if name not in done}
    columns = {name: cells.array for name, cells in done.items()}
    return pd.DataFrame(columns, index=frame.index, copy=False)


def _convert(
    cells: pd.Series, column: Column, schema: TableSchema, findings: Findings
) -> dict[str, pd.Series]:
    if column.required:
        _note_blanks(cells, column, findings)
    if column.kind == "text":
        return {column.name: cells} | _reason_beside(cells, column)
    if column.kind == "urn" and cells.dtype == "str" and is_digits(cells, 5, 7).all():
        return {column.name: cells}
    distinct = Distinct.of(cells)
    values, reasons = _PARSERS[column.kind](distinct.texts, column, schema)
    bad = values.isna() & reasons.isna()
    if column.blank:
        bad &= ~distinct.texts.str.casefold().isin(column.blank)
    said = findings.say(distinct.texts, bad, f"is not {_WHAT[column.kind]}")
    findings.errors(distinct.codes, bad, column.name, said, _TRY[column.kind])
    out = {column.name: distinct.spread(values)}
    if column.reason:
        out[f"{column.name}_reason"] = distinct.spread_reasons(reasons, blank="blank")
    return out


def _note_blanks(cells: pd.Series, column: Column, findings: Findings) -> None:
    import numpy as np

    blank = np.flatnonzero(cells.isna().to_numpy())
    hint = _TRY.get(column.kind, f"every row needs its {column.name}")
    findings.note(blank, column.name, f"{column.name} is blank", hint)


def _given_reason(
    frame: pd.DataFrame, done: dict[str, pd.Series], name: str
) -> dict[str, pd.Series]:
    """Let a reason that stands in the file win over ``blank``."""
    if name not in frame or name not in done:
        return {}
    given, found = frame[name].astype("str"), done[name].astype("str")
    return {name: found.where((found != "blank") | given.isna(), given)}


def _absent(column: Column, index: pd.Index) -> dict[str, pd.Series]:
    import pandas as pd

    kind = {"date": "datetime64[us]", "integer": "Int64", "number": "Float64"}
    out = {column.name: pd.Series(index=index, dtype=kind.get(column.kind, "str"))}
    if column.reason:
        out[f"{column.name}_reason"] = pd.Series("not_in_file", index=index, dtype="str")
    return out


def _reason_beside(text: pd.Series, column: Column) -> dict[str, pd.Series]:
    from careerbench.loaders.validate import blank_reason

    return {f"{column.name}_reason": blank_reason(text)} if column.reason else {}


def is_digits(texts: pd.Series, shortest: int, longest: int) -> NDArray[np.bool_]:
    """Tell which texts are nothing but so many digits; a missing one is not."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = pa.array(texts, pa.large_string())
    length = pc.binary_length(cells)
    right = pc.and_(pc.greater_equal(length, shortest), pc.less_equal(length, longest))
    return pc.fill_null(pc.and_(pc.ascii_is_decimal(cells), right), False).to_numpy(False)


def _no_reasons(values: pd.Series) -> pd.Series:
    import pandas as pd

    return pd.Series([None] * len(values), dtype="str")


def _symbol_reasons(values: pd.Series) -> pd.Series:
    import pandas as pd

    symbols = load_symbols()
    return pd.Series([symbols.get(text.casefold()) for text in values.tolist()], dtype="str")


def _parse_urns(values: pd.Series, _column: Column, _schema: TableSchema) -> tuple:
    return values.where(is_digits(values, 5, 7)), _no_reasons(values)


def _parse_laestabs(values: pd.Series, _column: Column, _schema: TableSchema) -> tuple:
    digits = values.str.replace(r"[/\s-]", "", regex=True)
    return digits.where(is_digits(digits, 7, 7)), _no_reasons(values)


def _parse_dates(values: pd.Series, _column: Column, schema: TableSchema) -> tuple:
    import pandas as pd

    reasons = _symbol_reasons(values)
    days = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us]")
    for form in _DATE_FORMATS:
        left = days.isna() & reasons.isna()
        if not left.any():
            break
        found = pd.to_datetime(values[left], format=form, errors="coerce")
        days = days.where(~left, found.astype("datetime64[us]"))
    placeholder = days.isin(pd.to_datetime(list(schema.placeholders)))
    return days.where(~placeholder), reasons.mask(placeholder, "placeholder")


def _parse_numbers(values: pd.Series, column: Column, _schema: TableSchema) -> tuple:
    import pandas as pd

    numbers = pd.array([_number(text, column.kind) for text in values.tolist()], dtype="Float64")
    kind = "Int64" if column.kind == "integer" else "Float64"
    reasons = _symbol_reasons(values)
    return pd.Series(numbers.astype(kind)), reasons.mask(~numbers.isna(), None)


def _number(text: str, kind: str) -> float | None:
    """Read a number that is 0 or more and of its kind; None where the text is not one."""
    if kind == "percent":
        text = text.removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text.replace(",", ""))
    if (kind == "percent" and number > 100) or (kind == "integer" and not number.is_integer()):
        return None
    return number


def _parse_year_groups(values: pd.Series, _column: Column, _schema: TableSchema) -> tuple:
    import pandas as pd

    return pd.Series(
        [parse_year_group(text) for text in values.tolist()], dtype="str"
    ), _no_reasons(values)


_PARSERS = {
    "urn": _parse_urns,
    "laestab": _parse_laestabs,
    "date": _parse_dates,
    "integer": _parse_numbers,
    "number": _parse_numbers,
    "percent": _parse_numbers,
    "year_group": _parse_year_groups,
}
