"""SPSS, Stata and SAS files: codes in the table, labels beside it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from careerbench.errors import ReadError
from careerbench.loaders.grid import Grid, coded_grid
from careerbench.loaders.labels import Labels
from careerbench.loaders.parquet import CELLS_LIMIT
from careerbench.loaders.typed import code_column, show_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

_SAID = {
    "sav": "SPSS", "por": "SPSS portable", "dta": "Stata", "sas7bdat": "SAS",
    "xpt": "SAS transport",
}  # fmt: skip
_TAGGED = ("sav", "dta", "sas7bdat")
_COMPRESSED = 1040  # zlib, and SPSS's one byte for eight, cannot swell a file more than this


def read_statistical(
    body: bytes, *, kind: str, name: str, encoding: str | None, trim: bool
) -> Grid:
    """Read a file of SPSS, Stata or SAS with its labels."""
    facts = _read(body, kind, name, encoding, metadataonly=True)[1]
    _refuse_claims(facts, len(body), name)
    cells, facts = _read(body, kind, name, encoding, metadataonly=False)
    columns = [_column(cells[each], each, name, trim=trim) for each in facts.column_names]
    n_rows = len(columns[0]) if columns else 0
    if facts.number_rows is not None and 0 <= facts.number_rows != n_rows:
        raise _broken(name, f"{n_rows:,} rows where it says {facts.number_rows:,}")
    labels = _labels(facts)
    decisions = [
        f"{_SAID[kind]}: {n_rows:,} rows, codes as text; labels in labels_of(frame)",
        f"encoding {facts.file_encoding or encoding or 'not said'}"
        + (", as asked" if encoding else ", as the file says"),
    ]
    if labels.missing:
        decisions.append(f"{len(labels.missing)} columns declare codes missing: kept as they are")
    return coded_grid(columns, facts.column_names, decisions=decisions, labels=labels)


def _read(
    body: bytes, kind: str, name: str, encoding: str | None, *, metadataonly: bool
) -> tuple[Mapping[str, list], Any]:
    import pyreadstat

    readers: dict[str, Any] = {
        "sav": pyreadstat.read_sav, "por": pyreadstat.read_por, "dta": pyreadstat.read_dta,
        "sas7bdat": pyreadstat.read_sas7bdat, "xpt": pyreadstat.read_xport,
    }  # fmt: skip
    options: dict[str, object] = {"user_missing": True} if kind in _TAGGED else {}
    if encoding is not None:
        options["encoding"] = encoding
    for dates_as_numbers in (False, True):  # a date beyond the year 9999 stays a number
        try:
            cells, facts = readers[kind](
                io.BytesIO(body),
                metadataonly=metadataonly,
                output_format="dict",
                disable_datetime_conversion=dates_as_numbers,
                **options,
            )
        except OverflowError as error:
            if dates_as_numbers:
                raise _broken(name, str(error)) from None
        except MemoryError:
            raise _broken(name, "more data than the memory holds") from None
        except Exception as error:  # noqa: BLE001 - the library raises bare Exception, too
            raise _broken(name, str(error) or type(error).__name__) from None
        else:
            return cells, facts
    raise _broken(name, "dates that cannot be read")


def _refuse_claims(facts: Any, n_bytes: int, name: str) -> None:
    n_rows, n_columns = facts.number_rows or 0, facts.number_columns or 0
    if n_rows * max(n_columns, 1) > min(CELLS_LIMIT, n_bytes * _COMPRESSED):
        raise ReadError(
            f"read_table: '{name}' says it is larger than it can be.",
            found=f"{n_rows:,} rows and {n_columns:,} columns in {n_bytes:,} bytes",
            hint="fetch or save the file again",
        )


def _column(cells: Sequence[object], column: str, name: str, *, trim: bool) -> pa.DictionaryArray:
    """Write one column as text; a column of mixed types is written cell by cell."""
    import pyarrow as pa

    try:
        typed = pa.array(cells)
    except (pa.ArrowException, OverflowError):
        typed = pa.array([None if each is None else show_cell(each) for each in cells])
    if pa.types.is_null(typed.type):
        typed = typed.cast(pa.string())
    try:
        return code_column(pa.chunked_array([typed]), trim=trim)
    except (pa.ArrowException, ValueError, OverflowError) as error:
        raise _broken(name, f"column '{column}': {str(error).splitlines()[0]}") from None


def _labels(facts: Any) -> Labels:
    values = {
        name: {show_cell(code): str(label) for code, label in labels.items()}
        for name, labels in (facts.variable_value_labels or {}).items()
    }
    missing = {
        name: tuple((show_cell(each["lo"]), show_cell(each["hi"])) for each in ranges)
        for name, ranges in (facts.missing_ranges or {}).items()
    }
    for name, tags in (getattr(facts, "missing_user_values", None) or {}).items():
        missing[name] = (
            *missing.get(name, ()),
            *((show_cell(tag), show_cell(tag)) for tag in tags),
        )
    said = zip(facts.column_names, facts.column_labels or (), strict=False)
    return Labels({name: label for name, label in said if label}, values, missing)


def _broken(name: str, found: str) -> ReadError:
    return ReadError(
        f"read_table: '{name}' is not a whole file of SPSS, Stata or SAS.",
        found=found.splitlines()[0] if found else "nothing that can be read",
        hint="fetch it again, or save it as CSV with its codes",
    )
