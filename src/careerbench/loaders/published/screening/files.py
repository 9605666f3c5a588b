"""Names and form of the two files: pairing, delimiter, blank rows and columns."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from careerbench.errors import ReadError
from careerbench.loaders.problems import count
from careerbench.loaders.published.screening.pair import Faults, Sheet, in_rows, told
from careerbench.loaders.read import ReadOptions, read_grid

if TYPE_CHECKING:
    from careerbench.loaders.grid import Grid

_SPECIAL = re.compile(r"[^A-Za-z0-9_\-\s]")
_BLANK_ROW = re.compile(rb'(?m)^[ \t"]*,[, \t"]*\r?$')
_WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
_OTHER_DELIMITER = re.compile(r"[\t;|]")


def check_names(data: str, meta: str | None, faults: Faults) -> None:
    """Check how the files are called, and that the one is called after the other."""
    for name in (data, meta):
        if name is None:
            continue
        stem = Path(name).stem.removesuffix(".meta")
        if re.search(r"\s", name):
            joined = re.sub(r"\s+", "_", name)
            faults.error(name, "", "the file name has spaces", f"'{joined}' for example")
        special = sorted(set(_SPECIAL.findall(stem)))
        if special:
            faults.error(
                name,
                "",
                f"the file name has special characters: {told(special)}",
                "letters, digits, hyphens and underscores only",
            )
        if not name.endswith(".csv"):
            faults.error(
                name, "", f"the file type '{Path(name).suffix}' is not .csv", "save it as CSV"
            )
    wanted = f"{data.removesuffix('.csv')}.meta.csv"
    if meta is not None and meta != wanted:
        faults.error(
            meta,
            "",
            "the names of the two files do not follow the naming convention: "
            f"'{data}' and '{meta}'",
            f"call the metadata '{wanted}'",
        )


def read_sheet(path: Path, faults: Faults) -> Sheet | None:
    """Read one file, and note what is wrong with its form; None where it cannot be read."""
    if path.suffix.casefold() in _WORKBOOKS or _note_separator(path, faults):
        return None  # the file type is an error already
    try:
        grid = read_grid(path, ReadOptions(delimiter=","))[0]
    except ReadError as error:
        said = error.problem.removeprefix("read_table: ").rstrip(".")
        faults.error(path.name, "", f"the file cannot be read as CSV: {said}", str(error.hint))
        return None
    _check_form(path, grid, faults)
    frame = grid.frame.fillna("").reset_index(drop=True)
    return Sheet(path.name, frame, grid.header_row, grid.repeated)


def _note_separator(path: Path, faults: Faults) -> bool:
    """Note a row of headings that something other than commas separates."""
    lines = path.read_bytes()[:100_000].splitlines()
    first = lines[0].decode(errors="replace") if lines else ""
    counts = Counter(_OTHER_DELIMITER.findall(first))
    if not counts or first.count(",") >= counts.most_common(1)[0][1]:
        return False
    name = {"\t": "tab", ";": "semicolon", "|": "bar"}[counts.most_common(1)[0][0]]
    faults.error(
        path.name,
        "",
        f"the file separator is a {name}, not a comma",
        "save it as CSV with commas as separator",
    )
    return True


def _check_form(path: Path, grid: Grid, faults: Faults) -> None:
    body = path.read_bytes()
    n_blank = len(_BLANK_ROW.findall(body))
    if n_blank:
        faults.error(
            path.name,
            "",
            f"the file has empty rows: {count(n_blank, 'row')} of nothing but commas",
            "delete them, usually at the end of the file",
        )
    n_empty = _count_blank_headings(body)
    if n_empty:
        faults.error(
            path.name,
            "",
            f"the file has empty columns: {count(n_empty, 'column')} without a heading",
            "delete them, usually to the right of the table",
        )
    spilt = [name for name in grid.frame if str(name).startswith("unnamed_")]
    if len(spilt) > n_empty:
        n_rows = int(grid.frame[spilt].notna().any(axis=1).sum())
        faults.error(
            path.name,
            "",
            f"rows are longer than the headings {in_rows(n_rows)}",
            "a comma in a cell needs quotes around the cell",
        )
    for heading in dict.fromkeys(grid.repeated):
        faults.error(
            path.name,
            heading,
            f"duplicate variable name: '{heading}' is the heading of more than one column",
            "give each column a name of its own",
        )
    if not any("utf-8" in said.casefold() for said in grid.decisions):
        faults.warn(path.name, "", "the file is not in UTF-8", "save it as 'CSV UTF-8'")


def _count_blank_headings(body: bytes) -> int:
    """Count columns without a heading, beyond the last cell of the rows included."""
    lines = body[:200_000].decode(errors="replace").lstrip("\ufeff").splitlines()
    try:
        headings = next(csv.reader(lines), [])
    except csv.Error:  # the reader of tables has read the file, and says what it found
        return 0
    return sum(not heading.strip() for heading in headings)
