"""The bytes of a file: only a regular one, and only of a size that a table can have."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from careerbench.errors import ReadError, closest

if TYPE_CHECKING:
    from pathlib import Path

FILE_LIMIT = 2 * 1024**3


def read_bytes(file: Path) -> bytes:
    """Read a whole file, refusing what is no regular file, too large or empty."""
    try:
        facts = file.stat()
        if not stat.S_ISDIR(facts.st_mode):
            _refuse_special(file, facts.st_mode)
            _refuse_large(file.name, facts.st_size)
            body = file.read_bytes()
    except ReadError:
        raise
    except (FileNotFoundError, NotADirectoryError):
        raise _not_there(file) from None
    except (OSError, ValueError) as error:
        raise ReadError(
            f"read_table: '{file.name}' cannot be opened.",
            found=getattr(error, "strerror", None) or str(error) or type(error).__name__,
            hint="close it in other programs, and check that you may read it",
        ) from None
    if stat.S_ISDIR(facts.st_mode):
        raise ReadError(
            f"read_table: '{file.name}' is a folder.", found="a folder", hint="a file inside it"
        )
    refuse_empty(body, file.name)
    return body


def refuse_empty(body: bytes, name: str) -> None:
    """Refuse a file of nothing but white space."""
    if not body[:4096].strip() and not body.strip():
        raise ReadError(
            f"read_table: '{name}' is empty.",
            found=f"{len(body)} bytes",
            hint="fetch or save the file again",
        )


def _refuse_special(file: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise ReadError(
            f"read_table: '{file.name}' is not a regular file.",
            found="a pipe, socket or device",
            hint="a file on disk",
        )


def _refuse_large(name: str, n_bytes: int) -> None:
    if n_bytes > FILE_LIMIT:
        raise ReadError(
            f"read_table: '{name}' is too large to be read at once.",
            found=f"{n_bytes:,} bytes; at most {FILE_LIMIT:,}",
            hint="split it, by wave for example, or save it as Parquet",
        )


def _not_there(file: Path) -> ReadError:
    beside = [each.name for each in file.parent.iterdir()] if file.parent.is_dir() else []
    near = closest(file.name, beside)
    return ReadError(
        f"read_table: there is no file '{file.name}'.",
        found="nothing of that name" if file.parent.is_dir() else "no such folder either",
        hint=f"did you mean '{near}'?" if near else "check the path, and where the notebook runs",
    )
