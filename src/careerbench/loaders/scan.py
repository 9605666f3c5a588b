"""Parquet files larger than memory, opened as a plan: nothing is read before it is asked for."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from careerbench.checks import require_columns
from careerbench.errors import CareerBenchError, ReadError, counted, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

_NEEDED = ("school_urn", "wave", "item", "answer")
_STEP = "scan_audits"
_MOST_THREADS = 4
_GLOB = str.maketrans({"[": "[[]", "*": "[*]", "?": "[?]"})


@contextmanager
def scan_audits(
    path: Path, *, memory: str = "1GB", folder: Path | None = None
) -> Iterator[duckdb.DuckDBPyRelation]:
    """Open a Parquet file, or a folder of them, as a DuckDB relation that spills to disk.

    Parameters
    ----------
    path : Path
        A ``.parquet`` file, or a folder that holds some at any depth (as Spark writes them, also
        with folders such as ``wave=baseline``). Columns as ``scoring.score_benchmarks`` takes them.
    memory : str, default "1GB"
        What DuckDB may hold in memory; the rest goes to disk.
    folder : Path, optional
        Where it goes: somewhere with room. Default: the system's folder for such things.

    Yields
    ------
    DuckDBPyRelation
        One row per school, wave and item; alive until the ``with`` block ends.

    Raises
    ------
    ReadError
        If there is no such file, no Parquet file in the folder, or one of them is broken.
    MissingColumnsError
        If a column that every audit has is not there.
    CareerBenchError
        If memory or disk run out while the relation is read.
    """
    import duckdb

    files = parquet_files(path)
    with tempfile.TemporaryDirectory(
        prefix=".careerbench-", dir=folder, ignore_cleanup_errors=True
    ) as spilled:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": spilled,
            "preserve_insertion_order": False,
            "threads": min(_MOST_THREADS, os.cpu_count() or 1),
        }
        connection = duckdb.connect(config=settings)
        try:
            # DuckDB's own bar would be written where the results are
            connection.execute("SET enable_progress_bar = false")
            yield _opened(connection, files, path)
        except (duckdb.InterruptException, RuntimeError) as error:
            if "interrupted" in str(error).casefold():  # DuckDB's word for Ctrl-C
                raise KeyboardInterrupt from None
            raise
        except duckdb.Error as error:
            raise _failed(path, error) from None
        finally:
            connection.close()


def parquet_files(path: Path) -> list[Path]:
    """List the Parquet files at a path; those that begin with ``_`` or ``.`` are notes of engines.

    Raises
    ------
    ReadError
        If there is none.
    """
    if path.is_dir():
        below = [(file, file.relative_to(path).parts) for file in sorted(path.rglob("*.parquet"))]
        files = [file for file, parts in below if not any(one[0] in "._" for one in parts)]
    else:
        files = [path] if path.suffix.lower() == ".parquet" and path.is_file() else []
    if files:
        return files
    inside = sorted(one.name for one in path.iterdir()) if path.is_dir() else []
    raise ReadError(
        f"{_STEP}: '{path}' holds no Parquet file.",
        found=quoted(inside) if path.exists() else "nothing there",
        hint="a .parquet file, or a folder of them",
    )


def _opened(
    connection: duckdb.DuckDBPyConnection, files: list[Path], path: Path
) -> duckdb.DuckDBPyRelation:
    relation = connection.read_parquet([str(file).translate(_GLOB) for file in files])
    hint = f"in {counted(len(files), 'file')} of '{path.name}': one row per school, wave and item"
    require_columns(relation.columns, _NEEDED, step=_STEP, hint=hint)
    return relation


def _failed(path: Path, error: Exception) -> CareerBenchError:
    import duckdb

    said = str(error).splitlines()[0]
    if isinstance(error, duckdb.OutOfMemoryException):
        return CareerBenchError(
            f"{_STEP}: memory or disk ran out.", found=said, hint="more memory, or a roomier disk"
        )
    return ReadError(
        f"{_STEP}: '{path.name}' cannot be read to its end.",
        found=said,
        hint="whole Parquet files, all with the same columns",
    )
