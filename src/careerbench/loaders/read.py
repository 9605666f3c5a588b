"""The one place that opens a file: what it is, who reads it, and what was decided."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from careerbench.errors import BadArgumentError, ReadError, closest
from careerbench.loaders.text import read_text
from careerbench.loaders.workbook import read_workbook
from careerbench.provenance import Source

if TYPE_CHECKING:
    import os

    import pandas as pd

    from careerbench.loaders.grid import Grid

SOURCE = "careerbench_source"
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_OTHERS = {
    b"\x1f\x8b": ("a gzip archive", "unpack it first"),
    b"PAR1": ("a Parquet file", "pandas.read_parquet"),
    b"$FL2": ("an SPSS file", "save it as CSV"),
    b"$FL3": ("an SPSS file", "save it as CSV"),
    b"%PDF": ("a PDF document", "ask for the table as CSV or a workbook"),
    b"\x89PNG": ("a picture", "a CSV file or a workbook"),
}


@dataclass(frozen=True)
class ReadOptions:
    """What the caller says about a file, instead of having it found out.

    ``trim`` takes white space off both ends of every cell.
    """

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    trim: bool = False


def read_table(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
) -> pd.DataFrame:
    r"""Read a table from a text file or a workbook, every cell as text.

    Parameters
    ----------
    path : str or path
        A CSV or TSV file, or an XLSX, XLS or ODS workbook.
    sheet : str, optional
        Name of a workbook's sheet; the first that holds anything if not given.
    encoding : str, optional
        Encoding of a text file; if not given UTF-8, UTF-16 with a mark, cp1252 or Mac Roman.
    delimiter : str, optional
        What stands between cells of a text file; comma, tab, semicolon or bar if not given.
    header_row : int, optional
        The row that holds the headings, as a spreadsheet counts; the first that is not blank
        if not given.

    Returns
    -------
    DataFrame
        One row per row of the file, every column text (``str``). A blank cell is missing, and
        nothing else is: ``NA`` stays text. ``source_of(frame)`` says what was decided.

    Raises
    ------
    ReadError
        If the file is missing, empty, broken, or not what its ending says.

    Notes
    -----
    Rows shorter than the headings are padded; cells beyond the headings are kept in columns
    ``unnamed_1``, ``unnamed_2``...; blank rows at the end, and columns with neither heading nor
    cells, are dropped. A heading that stands twice is numbered (``name_2``). In a workbook whole
    numbers read ``3``, dates ``2021-09-01``, and a cell with an error (``#N/A``) is blank.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "schools.csv")
    ...     n_characters = file.write_text("URN;Name\n012345;NA\n")
    ...     table = read_table(file)
    >>> table
          URN Name
    0  012345   NA
    >>> source_of(table).decisions
    ('encoding utf-8: plain ASCII', 'delimiter semicolon', 'headings in row 1')
    """
    grid, source = read_grid(path, ReadOptions(sheet, encoding, delimiter, header_row))
    grid.frame.attrs[SOURCE] = source.to_json()
    return grid.frame


def source_of(frame: pd.DataFrame) -> Source:
    """Return the file a frame was read from, and what was decided while reading it.

    Parameters
    ----------
    frame : DataFrame
        What ``read_table`` or a loader returned.

    Returns
    -------
    Source
        The file's name (never its folder), fingerprint and the reader's decisions.

    Raises
    ------
    BadArgumentError
        If the frame carries none; joining and concatenating frames can lose it.
    """
    if SOURCE not in frame.attrs:
        raise BadArgumentError(
            "source_of: the frame does not say which file it came from.",
            found=f"a frame of {len(frame)} rows",
            hint="a frame as a loader returned it, before joins",
        )
    return Source.from_json(frame.attrs[SOURCE])


def read_grid(path: str | os.PathLike[str], options: ReadOptions) -> tuple[Grid, Source]:
    """Open a file, let the right reader read it, and write down what was decided."""
    header_row = options.header_row
    if header_row is not None and (isinstance(header_row, bool) or header_row < 1):
        raise BadArgumentError(
            "read_table: header_row counts from 1.", found=repr(header_row), hint="header_row=1"
        )
    file = Path(path)
    body = _bytes_of(file)
    grid = _read(body, file.name, options)
    fingerprint = hashlib.sha256(body).hexdigest()
    return grid, Source(file.name, sha256=fingerprint, decisions=grid.decisions)


def _read(body: bytes, name: str, options: ReadOptions) -> Grid:
    book = _is_workbook(body)
    _refuse_wrong_ending(name, book=book)
    if book:
        return read_workbook(
            body,
            name=name,
            sheet=options.sheet,
            header_row=options.header_row,
            trim=options.trim,
        )
    _refuse_others(body, name)
    if options.sheet is not None:
        raise ReadError(
            f"read_table: '{name}' has no sheets.",
            found="a text file",
            hint=f"leave sheet='{options.sheet}' out",
        )
    return read_text(
        body,
        name=name,
        encoding=options.encoding,
        delimiter=options.delimiter,
        header_row=options.header_row,
        trim=options.trim,
    )


def _bytes_of(file: Path) -> bytes:
    if file.is_dir():
        raise ReadError(
            f"read_table: '{file.name}' is a folder.", found="a folder", hint="a file inside it"
        )
    try:
        body = file.read_bytes()
    except FileNotFoundError:
        raise _not_there(file) from None
    except OSError as error:
        raise ReadError(
            f"read_table: '{file.name}' cannot be opened.",
            found=error.strerror or type(error).__name__,
            hint="close it in other programs, and check that you may read it",
        ) from None
    if not body.strip():
        raise ReadError(
            f"read_table: '{file.name}' is empty.",
            found=f"{len(body)} bytes",
            hint="fetch or save the file again",
        )
    return body


def _not_there(file: Path) -> ReadError:
    beside = [each.name for each in file.parent.iterdir()] if file.parent.is_dir() else []
    near = closest(file.name, beside)
    return ReadError(
        f"read_table: there is no file '{file.name}'.",
        found="nothing of that name" if file.parent.is_dir() else "no such folder either",
        hint=f"did you mean '{near}'?" if near else "check the path, and where the notebook runs",
    )


def _is_workbook(body: bytes) -> bool:
    return body.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))


def _refuse_wrong_ending(name: str, *, book: bool) -> None:
    """Refuse a workbook named as text, and text named as a workbook."""
    ending = Path(name).suffix.casefold()
    if book and ending in {".csv", ".tsv", ".txt", ".tab"}:
        raise ReadError(
            f"read_table: '{name}' is not a text file, whatever its ending says.",
            found="a workbook or zip archive",
            hint=f"rename it to '{Path(name).stem}.xlsx', or save it as CSV",
        )
    if book and ending == ".zip":
        raise ReadError(
            f"read_table: '{name}' is a zip archive.", found="a zip archive", hint="unpack it first"
        )
    if not book and ending in _WORKBOOKS:
        raise ReadError(
            f"read_table: '{name}' is not a workbook, whatever its ending says.",
            found="no workbook inside",
            hint=f"if it is text, rename it to '{Path(name).stem}.csv'; or save it again",
        )


def _refuse_others(body: bytes, name: str) -> None:
    for magic, (what, instead) in _OTHERS.items():
        if body.startswith(magic):
            raise ReadError(
                f"read_table: '{name}' is {what}, not a table.", found=what, hint=instead
            )
    if body[:200].lstrip().lower().startswith((b"<html", b"<!doctype", b"<?xml")):
        raise ReadError(
            f"read_table: '{name}' is a web page or XML, not a table.",
            found="markup",
            hint="download the file itself: a site may have answered with a log-in page",
        )
