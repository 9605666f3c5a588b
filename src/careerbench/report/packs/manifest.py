"""``manifest.json``: which packs were written, from what, under which policy, with hashes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from careerbench.errors import DisclosureError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from careerbench.report.packs.model import Stamp

NAME = "manifest.json"
_FORMAT = 1
_PACKAGES = ("typst", "python-docx", "gptables", "xlsxwriter")
_OURS = (".py", ".typ", ".toml")


class Manifest:
    """What lies in a folder of packs; kept on disk pack by pack, so that a run can be resumed.

    Parameters
    ----------
    folder : Path
        Where the packs are.
    stamp : Stamp
        What packs are made from now. Entries of an earlier run count only under the same stamp,
        from the same code.
    about : mapping
        What else to say: the study's title and the whole policy.
    """

    def __init__(self, folder: Path, stamp: Stamp, about: Mapping[str, Any]) -> None:
        self._path = folder / NAME
        self._folder = folder
        made = {**asdict(stamp), "code": code_hash()}
        self._said: dict[str, Any] = {
            "format": _FORMAT,
            **about,
            "made_from": made,
            "versions": {name: version(name) for name in _PACKAGES},
            "packs": {},
            "failed": {},
            "without_results": [],
        }

    def resume(self) -> None:
        """Take over the entries of an earlier run with the same stamp.

        Raises
        ------
        DisclosureError
            If the folder has a ``manifest.json`` that is none of ours.
        """
        if not self._path.exists():
            return
        try:
            earlier = json.loads(self._path.read_text(encoding="utf-8"))
            same = earlier["made_from"] == self._said["made_from"]
            packs = dict(earlier["packs"])
        except (ValueError, KeyError, TypeError) as error:
            raise DisclosureError(
                f"write_packs: '{self._path}' is no manifest of packs.",
                found="a file of another kind",
                hint="an empty folder; or --force to write over it",
            ) from error
        if same:
            self._said["packs"] = packs

    def has(self, key: str, kind: str) -> bool:
        """Say whether the file is there as it was written."""
        entry = self._said["packs"].get(key, {}).get(kind)
        if entry is None:
            return False
        file = self._folder / entry["file"]
        return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == entry["sha256"]

    def add(self, key: str, kind: str, file: Path, content: bytes) -> None:
        """Enter a file that was written."""
        entry = {
            "file": file.name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
        }
        self._said["packs"].setdefault(key, {})[kind] = entry

    def fail(self, key: str, why: str, kinds: Iterable[str] | None = None) -> None:
        """Enter a pack, or some of its files, that could not be written.

        What an earlier run wrote of them is dropped.
        """
        self._said["failed"][key] = why
        entry = self._said["packs"].get(key, {})
        for kind in list(entry if kinds is None else kinds):
            entry.pop(kind, None)
        if not entry:
            self._said["packs"].pop(key, None)

    def leave_out(self, urns: list[str]) -> None:
        """Enter the schools that the release names and has no result of."""
        self._said["without_results"] = urns

    def save(self) -> None:
        """Write the manifest beside its place and move it there."""
        text = json.dumps(self._said, ensure_ascii=False, indent=1, sort_keys=True)
        beside = self._path.with_name(f".{NAME}.part")
        beside.write_text(f"{text}\n", encoding="utf-8")
        beside.replace(self._path)


@cache
def code_hash() -> str:
    """Return the SHA-256 of everything a pack is made with: code, templates, sentences."""
    digest = hashlib.sha256()
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(_OURS):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
