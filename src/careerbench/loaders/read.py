"""The one place that opens a file: what it is, who reads it, and what was decided."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from careerbench.errors import BadArgumentError, ReadError
from careerbench.loaders.archive import unpack_gzip, unpack_zip
from careerbench.loaders.grid import uncoded
from careerbench.loaders.kinds import STATISTICAL, kind_of, say_ending
from careerbench.loaders.labels import LABELS
from careerbench.loaders.opening import read_bytes
from careerbench.loaders.parquet import read_parquet
from careerbench.loaders.shape import Wishes
from careerbench.loaders.statistical import read_statistical
from careerbench.loaders.text import read_text
from careerbench.loaders.workbook import read_workbook
from careerbench.provenance import Source

if TYPE_CHECKING:
    import os

    import pandas as pd

    from careerbench.loaders.grid import Grid

SOURCE = "careerbench_source"
_LEAST = {"header_row": 1, "header_rows": 1, "skip_footer": 0}
_APPLIES = {
    "text": ("encoding", "delimiter", "wishes"),
    "workbook": ("sheet", "wishes"),
    "parquet": (),
} | dict.fromkeys(STATISTICAL, ("encoding",))
_FOUND = {"text": "a text file", "workbook": "a workbook", "parquet": "a Parquet file"}


@dataclass(frozen=True)
class ReadOptions:
    """What the caller says about a file, instead of having it found out.

    ``trim`` takes white space off both ends of every cell.
    """

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    member: str | None = None
    wishes: Wishes = field(default_factory=Wishes)
    trim: bool = False


def read_table(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
    header_rows: int | None = None,
    skip_footer: int | None = None,
    member: str | None = None,
) -> pd.DataFrame:
    r"""Read a table from any file this field hands over, every cell as text.

    Parameters
    ----------
    path : str or path
        A CSV or TSV file; an XLSX, XLS or ODS workbook; a Parquet file; a file of SPSS (``.sav``,
        ``.zsav``, ``.por``), Stata (``.dta``) or SAS (``.sas7bdat``, ``.xpt``); or one of these
        inside a gzip or zip archive. What it is, its first bytes say.
    sheet : str, optional
        Name of a workbook's sheet; the first that holds anything if not given.
    encoding : str, optional
        Encoding of a text file; if not given UTF-8, UTF-16 with a mark, cp1252 or Mac Roman.
        For SPSS, Stata and SAS: instead of what the file says.
    delimiter : str, optional
        What stands between cells of a text file; comma, tab, semicolon or bar if not given.
    header_row : int, optional
        The row that holds the headings, as a spreadsheet counts. If not given the first that is
        not blank, unless that is a title: a row with a cell or two above a table at least three
        columns wide.
    header_rows : int, optional
        How many rows of headings there are. Several are joined from the top: ``Number / Flags``;
        a heading reaches over the blank cells to its right. If not given one, or as many as
        merged cells of a workbook reach over.
    skip_footer : int, optional
        How many rows at the end are no part of the table. If not given, footnotes are: texts
        that stand in the first column alone, after a blank row or after words such as "Source".
    member : str, optional
        Which file of a zip archive; needed where it holds several.

    Returns
    -------
    DataFrame
        One row per row of the file, every column text (``str``). A blank cell is missing, and
        nothing else is: ``NA`` stays text. ``source_of(frame)`` says what was decided, and
        ``labels_of(frame)`` what SPSS, Stata or SAS say about variables and codes.

    Raises
    ------
    ReadError
        If the file is missing, empty, broken, or would swell beyond what a table can be.
    BadArgumentError
        If an option does not fit the kind of file, or counts below its least.

    Notes
    -----
    Rows shorter than the headings are padded; cells beyond the headings are kept in columns
    ``unnamed_1``, ``unnamed_2``...; blank rows at the end, and columns with neither heading nor
    cells, are dropped. A heading that stands twice is numbered (``name_2``). Whole numbers read
    ``3``, dates ``2021-09-01``, and a cell with an error (``#N/A``) is blank. Formulas have the
    value they were saved with; cells that begin like a formula stay text, and are counted.

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
    wishes = Wishes(header_row, header_rows, skip_footer)
    options = ReadOptions(sheet, encoding, delimiter, member, wishes)
    grid, source = read_grid(path, options)
    frame = uncoded(grid.frame)
    frame.attrs[SOURCE] = source.to_json()
    if grid.labels is not None:
        frame.attrs[LABELS] = grid.labels.to_json()
    return frame


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
    _check_wishes(options.wishes)
    file = Path(path)
    body = read_bytes(file)
    with ThreadPoolExecutor(1) as beside:  # hashing lets other threads run
        fingerprint = beside.submit(_fingerprint, body)
        grid = _read(body, file.name, options)
    return grid, Source(file.name, sha256=fingerprint.result(), decisions=grid.decisions)


def _fingerprint(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _check_wishes(wishes: Wishes) -> None:
    for name, least in _LEAST.items():
        number = getattr(wishes, name)
        if number is None:
            continue
        if isinstance(number, bool) or not isinstance(number, int) or number < least:
            raise BadArgumentError(
                f"read_table: {name} counts from {least}.",
                found=repr(number),
                hint=f"{name}={least}",
            )


def _read(body: bytes, name: str, options: ReadOptions) -> Grid:
    kind = kind_of(body, name)
    said = say_ending(kind, name)
    if kind in ("gzip", "zip"):
        return _unpacked(body, kind, name, options, said)
    if options.member is not None:
        raise _not_for("member", options.member, kind, name)
    grid = _read_plain(body, kind, name, options)
    return replace(grid, decisions=(*said, *grid.decisions))


def _unpacked(
    body: bytes, kind: str, name: str, options: ReadOptions, said: tuple[str, ...]
) -> Grid:
    if kind == "gzip":
        if options.member is not None:
            raise _not_for("member", options.member, "a gzip archive", name)
        inside = unpack_gzip(body, name=name)
    else:
        inside = unpack_zip(body, name=name, member=options.member)
    inner = kind_of(inside.body, inside.name)
    if inner in ("gzip", "zip"):
        raise ReadError(
            f"read_table: '{name}' holds an archive within an archive.",
            found=f"'{inside.name}'",
            hint="unpack the outer one first",
        )
    said = (*said, *inside.said, *say_ending(inner, inside.name))
    grid = _read_plain(inside.body, inner, inside.name, replace(options, member=None))
    return replace(grid, decisions=(*said, *grid.decisions))


def _read_plain(body: bytes, kind: str, name: str, options: ReadOptions) -> Grid:
    _refuse_misplaced(kind, name, options)
    if kind == "workbook":
        return read_workbook(
            body, name=name, sheet=options.sheet, wishes=options.wishes, trim=options.trim
        )
    if kind == "parquet":
        return read_parquet(body, name=name, trim=options.trim)
    if kind in STATISTICAL:
        return read_statistical(
            body, kind=kind, name=name, encoding=options.encoding, trim=options.trim
        )
    return read_text(
        body,
        name=name,
        encoding=options.encoding,
        delimiter=options.delimiter,
        wishes=options.wishes,
        trim=options.trim,
    )


def _refuse_misplaced(kind: str, name: str, options: ReadOptions) -> None:
    """Refuse options that mean nothing for this kind of file."""
    if options.sheet is not None and kind != "workbook":
        raise ReadError(
            f"read_table: '{name}' has no sheets.",
            found=_FOUND.get(kind, "a file of SPSS, Stata or SAS"),
            hint=f"leave sheet='{options.sheet}' out",
        )
    applies = _APPLIES[kind]
    for option in ("encoding", "delimiter"):
        if option not in applies and getattr(options, option) is not None:
            raise _not_for(option, getattr(options, option), kind, name)
    if "wishes" not in applies:
        for option in _LEAST:
            if getattr(options.wishes, option) is not None:
                raise _not_for(option, getattr(options.wishes, option), kind, name)


def _not_for(option: str, value: object, kind: str, name: str) -> BadArgumentError:
    return BadArgumentError(
        f"read_table: {option} means nothing for '{name}'.",
        found=_FOUND.get(kind, kind),
        hint=f"leave {option}={value!r} out",
    )
