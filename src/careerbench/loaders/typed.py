"""Columns that come with types: each different value is written as text once."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def show_cell(cell: object) -> str:
    """Write a cell as text, the way a spreadsheet shows it.

    Examples
    --------
    >>> show_cell(3.0), show_cell(21.7), show_cell(True), show_cell(datetime(2021, 9, 1))
    ('3', '21.7', 'TRUE', '2021-09-01')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        day = not (cell.hour or cell.minute or cell.second or cell.microsecond)
        return cell.date().isoformat() if day else cell.isoformat(sep=" ")
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


def code_column(column: pa.ChunkedArray, *, trim: bool = False) -> pa.DictionaryArray:
    """Write a column of any type as text: the different texts, and which of them each row holds.

    A blank text, a missing value and "not a number" are missing.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        coded = column.unify_dictionaries().combine_chunks()
    else:
        coded = column.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.chunk(0) if coded.num_chunks else pa.array([], coded.type)
    codes, values = coded.indices.cast(pa.int32()), coded.dictionary
    texts = _texts(values)
    if trim:
        texts = pc.utf8_trim_whitespace(texts)
    blank = pc.or_(pc.utf8_is_space(texts), pc.equal(pc.binary_length(texts), 0))
    texts = pc.if_else(blank, pa.scalar(None, texts.type), texts)
    again = texts.dictionary_encode(null_encoding="mask")  # two values may be one text
    if again.null_count or len(again.dictionary) < len(texts):
        codes = again.indices.take(codes)
    return pa.DictionaryArray.from_arrays(codes, again.dictionary)


def _texts(values: pa.Array) -> pa.Array:
    import pyarrow as pa

    text = pa.large_string()
    if _is_text(values.type):
        return values.cast(text)
    if pa.types.is_integer(values.type):
        return values.cast(text)
    shown = [_show(cell) for cell in values.to_pylist()]
    return pa.array(shown, text)


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _show(cell: object) -> str | None:
    if cell is None or cell != cell:
        return None
    if isinstance(cell, bytes):
        return cell.decode("utf-8")
    return show_cell(cell)
