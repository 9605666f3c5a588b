"""Tables of any engine taken in, brought to another, and made long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import narwhals as nw

from careerbench.errors import BadArgumentError, CareerBenchError, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

AnyFrame = TypeVar("AnyFrame", nw.DataFrame, nw.LazyFrame)


def frame_of(
    table: Any, *, step: str, hint: str = "loaders.load_audits(path)"
) -> nw.DataFrame | nw.LazyFrame:
    """Take a table of any engine; refuse what is none."""
    try:
        known: Any = nw.from_native(table, pass_through=True)
    except nw.exceptions.DuplicateError:
        raise CareerBenchError(
            f"{step}: the table has a column twice.",
            found=quoted(table.columns[table.columns.duplicated()]),
            hint="rename or leave out one of them",
        ) from None
    if not isinstance(known, nw.DataFrame | nw.LazyFrame):
        raise BadArgumentError(
            f"{step}: a table is needed, such as a pandas DataFrame.",
            found=type(table).__name__,
            hint=hint,
        )
    return known


def table_like(frame: AnyFrame, table: pd.DataFrame) -> AnyFrame:
    """Bring a small pandas table to the engine of ``frame``; what is missing becomes null.

    Raises
    ------
    CareerBenchError
        If ``frame`` is lazy and its engine is not Polars, DuckDB or Spark.
    """
    known = table.notna()
    columns = {
        str(name): [
            value if there else None
            for value, there in zip(table[name].tolist(), known[name], strict=True)
        ]
        for name in table
    }
    schema = nw.from_native(table, eager_only=True).schema
    if isinstance(frame, nw.DataFrame):
        return nw.from_dict(columns, schema, backend=frame.implementation)
    return _lazy_like(frame, columns, schema)


def _lazy_like(frame: nw.LazyFrame, columns: dict[str, list], schema: nw.Schema) -> nw.LazyFrame:
    engine = frame.implementation
    if engine.is_polars():
        return nw.from_dict(columns, schema, backend="polars").lazy()
    if engine.is_duckdb():
        # asked of the connection that the frame lives on; DuckDB finds the table by its name here
        arrow = nw.from_dict(columns, schema, backend="pyarrow").to_native()  # noqa: F841
        native: Any = frame.to_native()
        return nw.from_native(native.query("frame", "SELECT * FROM arrow"))
    if engine.is_pyspark() or engine.is_pyspark_connect():
        from pyspark.sql.functions import broadcast

        session: Any = frame.to_native().sparkSession
        rows = list(zip(*columns.values(), strict=True))
        return nw.from_native(broadcast(session.createDataFrame(rows, _spark_types(schema))))
    raise CareerBenchError(
        "scoring: lazy frames of this engine cannot be scored.",
        found=str(engine),
        hint="Polars, DuckDB or PySpark; or an eager frame, such as frame.collect()",
    )


def _spark_types(schema: nw.Schema) -> str:
    kinds = {nw.Int64(): "bigint", nw.Float64(): "double", nw.String(): "string"}
    return ", ".join(f"`{name}` {kinds[kind]}" for name, kind in schema.items())


def made_long(
    frame: nw.LazyFrame, columns: Sequence[str], *, index: Sequence[str], name: str, value: str
) -> nw.LazyFrame:
    """Give each of ``columns`` a row of its own: its name in ``name``, its number in ``value``."""
    if not frame.implementation.is_duckdb():
        return frame.unpivot(list(columns), index=list(index), variable_name=name, value_name=value)
    # narwhals looks for the relation on DuckDB's default connection, where it need not live
    from duckdb import ColumnExpression, ConstantExpression, FunctionExpression

    def spread(values: Sequence[Any], into: str) -> Any:
        return FunctionExpression("unnest", FunctionExpression("list_value", *values)).alias(into)

    native: Any = frame.to_native()
    return nw.from_native(
        native.select(
            *index,
            spread([ConstantExpression(column) for column in columns], name),
            spread([ColumnExpression(column) for column in columns], value),
        )
    )
