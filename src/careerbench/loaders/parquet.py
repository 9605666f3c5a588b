"""Parquet files, through Arrow: each different value of a column is looked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.errors import ReadError
from careerbench.loaders.grid import Grid, coded_grid
from careerbench.loaders.typed import code_column

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

CELLS_LIMIT, TEXT_LIMIT = 1_000_000_000, 8 * 1024**3
_INDEX = "__index_level_"


def read_parquet(body: bytes, *, name: str, trim: bool) -> Grid:
    """Read a Parquet file; columns stay coded, one code for each different text."""
    import pyarrow as pa

    try:
        table = _table(body, name)
        columns = [code_column(column, trim=trim) for column in table.columns]
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        if isinstance(error, ReadError):
            raise
        raise _broken(name, error) from None
    _refuse_swollen(columns, name)
    said = f"Parquet: {table.num_rows:,} rows, types written as text"
    return coded_grid(columns, table.column_names, decisions=[said])


def _table(body: bytes, name: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.py_buffer(body), read_dictionary=None)
    _refuse_claims(file.metadata, name)
    words = [field.name for field in file.schema_arrow if _is_words(field.type)]
    _refuse_nested(file.schema_arrow, name)
    coded = pq.ParquetFile(pa.py_buffer(body), read_dictionary=words)
    kept = [each for each in file.schema_arrow.names if not each.startswith(_INDEX)]
    table = coded.read(columns=kept)
    table.validate()
    return table


def _refuse_claims(facts: pq.FileMetaData, name: str) -> None:
    n_cells = facts.num_rows * max(facts.num_columns, 1)
    n_bytes = sum(facts.row_group(each).total_byte_size for each in range(facts.num_row_groups))
    if facts.num_rows < 0 or n_cells > CELLS_LIMIT or n_bytes > TEXT_LIMIT:
        raise ReadError(
            f"read_table: '{name}' says it is larger than a table that can be read at once.",
            found=f"{facts.num_rows:,} rows and {facts.num_columns:,} columns",
            hint="split it, by wave for example",
        )


def _refuse_nested(schema: pa.Schema, name: str) -> None:
    import pyarrow as pa

    nested = [field.name for field in schema if pa.types.is_nested(field.type)]
    if nested:
        raise ReadError(
            f"read_table: column '{nested[0]}' of '{name}' holds lists or records, not cells.",
            found=str(schema.field(nested[0]).type),
            hint="one value in each cell",
        )


def _refuse_swollen(columns: list[pa.DictionaryArray], name: str) -> None:
    """Refuse a few long texts repeated over so many rows that they would fill the memory."""
    import pyarrow.compute as pc

    for column in columns:
        longest = pc.max(pc.binary_length(column.dictionary)).as_py() or 0
        if longest * len(column) <= TEXT_LIMIT:
            continue
        lengths = pc.take(pc.binary_length(column.dictionary), column.indices)
        if (pc.sum(lengths).as_py() or 0) > TEXT_LIMIT:
            raise ReadError(
                f"read_table: '{name}' unpacks to far more than a table would.",
                found=f"texts of up to {longest:,} characters in {len(column):,} rows",
                hint="unpack it yourself if you trust whoever sent it",
            )


def _is_words(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _broken(name: str, error: Exception) -> ReadError:
    first = (str(error) or type(error).__name__).splitlines()[0]
    return ReadError(
        f"read_table: '{name}' is not a whole Parquet file.",
        found=first,
        hint="fetch or save the file again",
    )
