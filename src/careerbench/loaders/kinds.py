"""What a file is, judged by its first bytes and never by its ending."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from careerbench.errors import ReadError

_GZIP, _ZIP, _OLE = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAS = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
_STARTS = {
    b"PAR1": "parquet",
    b"$FL2": "sav",
    b"$FL3": "sav",
    b"<stata_dta>": "dta",
    b"HEADER RECORD*******LIB": "xpt",
    _SAS: "sas7bdat",
}
_REFUSED = {
    b"%PDF": ("a PDF document", "ask for the table as CSV or a workbook"),
    b"\x89PNG": ("a picture", "a CSV file or a workbook"),
    b"\xff\xd8\xff": ("a picture", "a CSV file or a workbook"),
    b"GIF8": ("a picture", "a CSV file or a workbook"),
    b"7z\xbc\xaf": ("a 7-Zip archive", "unpack it first"),
    b"Rar!": ("a RAR archive", "unpack it first"),
    b"BZh": ("a bzip2 archive", "unpack it first"),
    b"\xfd7zXZ": ("an xz archive", "unpack it first"),
    b"\x28\xb5\x2f\xfd": ("a Zstandard archive", "unpack it first"),
    b"ARROW1": ("an Arrow file", "save it as Parquet"),
    b"SQLite format 3": ("a database", "export the table as CSV"),
    b"\x7fELF": ("a program", "a CSV file or a workbook"),
    b"MZ\x90": ("a program", "a CSV file or a workbook"),
}
_OLD_DTA = re.compile(rb"[\x69\x6c\x6e\x6f\x71-\x73][\x01\x02]\x01\x00")
_SAID = {
    "parquet": "a Parquet file",
    "sav": "an SPSS file",
    "por": "an SPSS portable file",
    "dta": "a Stata file",
    "sas7bdat": "a SAS file",
    "xpt": "a SAS transport file",
    "gzip": "a gzip archive",
    "zip": "a zip archive",
    "workbook": "a workbook",
    "text": "a text file",
}
_ENDINGS = {
    ".parquet": "parquet", ".pq": "parquet", ".sav": "sav", ".zsav": "sav", ".por": "por",
    ".dta": "dta", ".sas7bdat": "sas7bdat", ".xpt": "xpt", ".gz": "gzip", ".zip": "zip",
    ".csv": "text", ".tsv": "text", ".tab": "text", ".txt": "text",
    ".xlsx": "workbook", ".xlsm": "workbook", ".xlsb": "workbook", ".xls": "workbook",
    ".ods": "workbook",
}  # fmt: skip
STATISTICAL = ("sav", "por", "dta", "sas7bdat", "xpt")


def kind_of(body: bytes, name: str) -> str:
    r"""Tell what a file is; what holds no table is refused.

    Examples
    --------
    >>> kind_of(b"PAR1...", "t.csv"), kind_of(b"a,b", "t.csv"), kind_of(b"PK\x03\x04xl/", "t.zip")
    ('parquet', 'text', 'workbook')
    """
    head = body[:1024]
    if head.startswith(_GZIP):
        return "gzip"
    if head.startswith(_ZIP):
        return _kind_of_zip(body, name)
    if head.startswith(_OLE):
        return "workbook"
    for start, kind in _STARTS.items():
        if head.startswith(start):
            return kind
    if b"SPSSPORT" in head.replace(b"\r", b"").replace(b"\n", b"") or head.startswith(
        b"ASCII SPSS PORT FILE"
    ):
        return "por"
    if _OLD_DTA.match(head):
        return "dta"
    _refuse(head, name)
    return "text"


def say_ending(kind: str, name: str) -> tuple[str, ...]:
    """Say so where a file is not what its ending promises; a workbook or text must be."""
    ending = PurePosixPath(name).suffix.casefold()
    promised = _ENDINGS.get(ending)
    if promised in (None, kind):
        return ()
    _refuse_wrong_ending(kind, promised, name)
    return (f"{_SAID[kind]}, by its first bytes, whatever the ending {ending} says",)


def _kind_of_zip(body: bytes, name: str) -> str:
    """Tell a workbook, which is a zip archive too, from an archive of files."""
    edges = body[:65_536] + body[-262_144:]
    if b"word/document.xml" in edges or b"ppt/presentation.xml" in edges:
        what = "a text or slide document"
        raise ReadError(
            f"read_table: '{name}' is {what}, not a table.",
            found=what,
            hint="copy its table into a workbook",
        )
    if b"xl/" in edges or b"opendocument.spreadsheet" in body[:256]:
        return "workbook"
    if name.casefold().endswith((".xlsx", ".xlsm", ".xlsb", ".ods")):
        return "workbook"
    return "zip"


def _refuse(head: bytes, name: str) -> None:
    for start, (what, instead) in _REFUSED.items():
        if head.startswith(start):
            raise ReadError(
                f"read_table: '{name}' is {what}, not a table.", found=what, hint=instead
            )
    plain = head.removeprefix(b"\xef\xbb\xbf")[:200].lstrip().lower()
    if plain.startswith((b"<html", b"<!doctype", b"<?xml")):
        raise ReadError(
            f"read_table: '{name}' is a web page or XML, not a table.",
            found="markup",
            hint="download the file itself: a site may have answered with a log-in page",
        )


def _refuse_wrong_ending(kind: str, promised: str | None, name: str) -> None:
    """Refuse a workbook named as text, and anything else named as a workbook."""
    stem = PurePosixPath(name).stem
    if kind == "workbook" and promised == "text":
        raise ReadError(
            f"read_table: '{name}' is not a text file, whatever its ending says.",
            found="a workbook or zip archive",
            hint=f"rename it to '{stem}.xlsx', or save it as CSV",
        )
    if promised == "workbook" and kind == "text":
        raise ReadError(
            f"read_table: '{name}' is not a workbook, whatever its ending says.",
            found="no workbook inside",
            hint=f"if it is text, rename it to '{stem}.csv'; or save it again",
        )
