"""TOML files: those that come with careerbench, and a user's own by their path."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerbench.errors import FrameworkError

if TYPE_CHECKING:
    from collections.abc import Mapping

_LARGEST = 2_000_000


def is_path(name_or_path: str | Path) -> bool:
    """Tell the path of a user's own file from the name of one that ships."""
    return isinstance(name_or_path, Path) or str(name_or_path).casefold().endswith(".toml")


def read_toml(path: Path) -> Mapping[str, Any]:
    """Read a user's own file.

    Raises
    ------
    FrameworkError
        If it is not there, too large, not text or not TOML.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise FrameworkError(
                f"'{path.name}' is too large for a framework or scale.",
                found=f"{path.stat().st_size:,} bytes",
                hint=f"at most {_LARGEST:,} bytes",
            )
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        if isinstance(error, tomllib.TOMLDecodeError | FrameworkError):
            raise _unsound(path, error) from error
        raise FrameworkError(
            f"'{path.name}' cannot be read as a TOML file.",
            found=getattr(error, "strerror", None) or "bytes that are not UTF-8 text",
            hint="the path of a UTF-8 .toml file",
        ) from error
    except RecursionError as error:
        raise _unsound(path, error) from error


def read_shipped(folder: str) -> dict[str, Mapping[str, Any]]:
    """Read every TOML file of a folder that comes with careerbench: file names to tables."""
    inside = (files("careerbench.frameworks") / folder).iterdir()
    return {
        file.name: tomllib.loads(file.read_text(encoding="utf-8"))
        for file in sorted(inside, key=lambda file: file.name)
        if file.name.endswith(".toml")
    }


def _unsound(path: Path, error: Exception) -> FrameworkError:
    if isinstance(error, FrameworkError):
        return error
    found = "brackets within brackets without end" if isinstance(error, RecursionError) else error
    return FrameworkError(
        f"'{path.name}' is not sound TOML.", found=str(found), hint="mend the file at that line"
    )
