"""Files of SPSS, Stata and SAS are read in a process of their own.

The library that reads them is written in C and can be brought down by a broken file. Here it brings
down nothing but this process, which gets the bytes and hands an Arrow table back.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from careerbench.errors import ReadError
from careerbench.loaders.typed import show_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

FACTS = b"careerbench_facts"
CELLS_LIMIT, _MEMORY_LIMIT = 1_000_000_000, 16 * 1024**3
_COMPRESSED = 1040  # zlib, and SPSS's one byte for eight, cannot swell a file more than this
_PATIENCE, _SECONDS_PER_BYTE = 60.0, 1e-5
_TAGGED = ("sav", "dta", "sas7bdat")
_REFUSED = 3
_PROGRAM = "import sys; from careerbench.loaders import apart; sys.exit(apart.serve())"


def read_apart(body: bytes, *, kind: str, name: str, encoding: str | None) -> pa.Table:
    """Read the bytes in another process; its facts travel in the table's metadata."""
    import pyarrow as pa

    command = [sys.executable, "-c", _PROGRAM, kind, encoding or ""]
    surroundings = os.environ | {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}
    try:
        ran = subprocess.run(  # noqa: S603 - this very library
            command,
            input=body,
            capture_output=True,
            check=False,
            env=surroundings,
            timeout=_PATIENCE + _SECONDS_PER_BYTE * len(body),
        )
    except subprocess.TimeoutExpired:
        raise broken(name, "no end to it: the reading was stopped") from None
    if ran.returncode == _REFUSED:
        raise broken(name, ran.stderr.decode(errors="replace").strip())
    try:
        if ran.returncode:
            raise pa.ArrowInvalid("bytes that bring the library down which reads such files")
        table = pa.ipc.open_stream(ran.stdout).read_all()
        table.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        raise broken(name, str(error)) from None
    return table


def broken(name: str, found: str) -> ReadError:
    """Word what the library said of a file it cannot read."""
    return ReadError(
        f"read_table: '{name}' is not a whole file of SPSS, Stata or SAS.",
        found=found.splitlines()[0] if found else "nothing that can be read",
        hint="fetch it again, or save it as CSV with its codes",
    )


def to_table(body: bytes, kind: str, encoding: str | None) -> pa.Table:
    """Read the bytes in this process."""
    import pyarrow as pa

    facts = _read(body, kind, encoding, metadataonly=True)[1]
    n_rows, n_columns = facts.number_rows or 0, facts.number_columns or 0
    if n_rows * max(n_columns, 1) > min(CELLS_LIMIT, len(body) * _COMPRESSED):
        size = f"{n_rows:,} rows and {n_columns:,} columns in {len(body):,} bytes"
        raise ValueError(f"it says it is larger than it can be: {size}")
    cells, facts = _read(body, kind, encoding, metadataonly=False)
    columns = [_column(cells[each]) for each in facts.column_names]
    n_rows = len(columns[0]) if columns else 0
    if facts.number_rows is not None and 0 <= facts.number_rows != n_rows:
        raise ValueError(f"{n_rows:,} rows where it says {facts.number_rows:,}")
    places = [str(place) for place in range(len(columns))]
    said = {FACTS: json.dumps(_facts(facts)).encode()}
    return pa.table(columns, names=places).replace_schema_metadata(said)


def _read(
    body: bytes, kind: str, encoding: str | None, *, metadataonly: bool
) -> tuple[Mapping[str, list], Any]:
    import pyreadstat

    readers: dict[str, Any] = {
        "sav": pyreadstat.read_sav, "por": pyreadstat.read_por, "dta": pyreadstat.read_dta,
        "sas7bdat": pyreadstat.read_sas7bdat, "xpt": pyreadstat.read_xport,
    }  # fmt: skip
    options: dict[str, object] = {"metadataonly": metadataonly, "output_format": "dict"}
    if kind in _TAGGED:
        options["user_missing"] = True
    if encoding:
        options["encoding"] = encoding
    try:
        return readers[kind](io.BytesIO(body), **options)
    except OverflowError:  # a date beyond the year 9999 stays a number
        return readers[kind](io.BytesIO(body), disable_datetime_conversion=True, **options)


def _column(cells: Sequence[object]) -> pa.Array:
    """Make one column; one of mixed types is written as text, cell by cell."""
    import pyarrow as pa

    try:
        column = pa.array(cells)
    except (pa.ArrowException, OverflowError):
        column = pa.array([None if each is None else show_cell(each) for each in cells])
    return column.cast(pa.string()) if pa.types.is_null(column.type) else column


def _facts(facts: Any) -> dict[str, object]:
    """Keep what the labels need, codes as they stand in the table."""
    missing: dict[str, list] = {
        name: [[show_cell(each["lo"]), show_cell(each["hi"])] for each in ranges]
        for name, ranges in (facts.missing_ranges or {}).items()
    }
    for name, tags in (getattr(facts, "missing_user_values", None) or {}).items():
        missing.setdefault(name, []).extend([show_cell(tag)] * 2 for tag in tags)
    values = {
        name: {show_cell(code): str(label) for code, label in labels.items()}
        for name, labels in (facts.variable_value_labels or {}).items()
    }
    said = zip(facts.column_names, facts.column_labels or (), strict=False)
    return {
        "names": list(facts.column_names),
        "encoding": facts.file_encoding,
        "variables": {name: label for name, label in said if label},
        "values": values,
        "missing": missing,
    }


def serve() -> int:
    """Read what stands on the standard input, and write it as an Arrow stream."""
    import pyarrow as pa

    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_LIMIT, resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        table = to_table(sys.stdin.buffer.read(), sys.argv[1], sys.argv[2] or None)
    except Exception as error:  # noqa: BLE001 - the library raises bare Exception; told in full
        sys.stderr.write(str(error) or type(error).__name__)
        return _REFUSED
    with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
        stream.write_table(table)
    return 0
