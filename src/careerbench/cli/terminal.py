"""What every command shares: a bar, a port, and outputs that are refused before any work."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from careerbench.errors import BadArgumentError, CareerBenchError

if TYPE_CHECKING:
    from pathlib import Path

FOLDER_HELP = "the study: a folder that holds study.toml"
_HIGHEST_PORT = 65535
_BAR_WIDTH, _WORDS_WIDTH = 40, 30


def show_progress(done: float, what: str = "") -> None:
    """Draw a bar on a terminal; nothing where nobody watches."""
    if sys.stderr.isatty():
        bar = "█" * round(done * _BAR_WIDTH)
        end = "\n" if done >= 1 else ""
        said = f"{bar:░<{_BAR_WIDTH}} {done:4.0%}  {what[:_WORDS_WIDTH]:<{_WORDS_WIDTH}}"
        print(f"\r{said}", end=end, file=sys.stderr, flush=True)


def port(said: str) -> int:
    """Read a port; what is none is refused in words."""
    if said.isdigit() and int(said) <= _HIGHEST_PORT:
        return int(said)
    raise argparse.ArgumentTypeError(f"'{said}' is no port: a number from 0 to {_HIGHEST_PORT}")


def require_writable(path: Path) -> None:
    """Refuse an output that cannot be written before anything is computed."""
    was_there = path.exists()
    try:
        with path.open("a", encoding="utf-8"):
            pass
        if not was_there:
            path.unlink()
    except OSError as error:
        raise BadArgumentError(
            f"'{path}' cannot be written.",
            found=str(error.strerror),
            hint="a file in a folder that is there",
        ) from error


def require_free(path: Path, *, force: bool, option: str = "-o") -> None:
    """Refuse an output that is there, or has no folder, before anything is computed."""
    if path.exists() and not force:
        raise CareerBenchError(
            f"'{path.name}' is there already.",
            found=f"{path.stat().st_size:,} bytes",
            hint=f"another name after {option}; or --force to overwrite it",
        )
    if not path.parent.is_dir() or path.is_dir():
        raise CareerBenchError(
            f"'{path}' cannot be written.",
            found="a folder" if path.is_dir() else f"no folder '{path.parent}'",
            hint="a file in a folder that is there",
        )
