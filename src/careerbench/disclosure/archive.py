"""The release file: a zip of Parquet tables and a JSON manifest that knows the hash of each."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from careerbench.errors import DisclosureError, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

MANIFEST = "manifest.json"
_LARGEST = 2_000_000_000
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""Every member carries this time, so that equal releases are equal files."""


def write_archive(
    path: Path, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> str:
    """Write tables and manifest as one file; return the fingerprint of what it holds.

    The file is written beside its place and then moved there: a broken run leaves no half file.

    Raises
    ------
    DisclosureError
        If the file cannot be written.
    """
    members = {f"{name}.parquet": _parquet(table) for name, table in tables.items()}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    said = json.dumps({**manifest, "members": hashes}, ensure_ascii=False, indent=1, sort_keys=True)
    members = {MANIFEST: said.encode("utf-8"), **members}
    beside = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise DisclosureError(
            f"the release '{path.name}' cannot be written.",
            found=error.strerror or type(error).__name__,
            hint="a file in a folder that is there and that you may write to",
        ) from error
    return fingerprint_of(members[MANIFEST])


def read_archive(path: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Any], str]:
    """Read a release file; return its tables, its manifest and its fingerprint.

    Raises
    ------
    DisclosureError
        If there is no such file, it is no release, or anything in it is not as it was written.
    """
    members = _members(path)
    if MANIFEST not in members:
        raise _refused(path, f"no {MANIFEST}", "a file that careerbench release has written")
    try:
        manifest = json.loads(members[MANIFEST].decode("utf-8"))
        hashes = dict(manifest["members"])
    except (ValueError, KeyError, TypeError) as error:
        raise _refused(path, f"a {MANIFEST} that cannot be read", _AGAIN) from error
    found = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in members.items()
        if name != MANIFEST
    }
    changed = [name for name in {**hashes, **found} if hashes.get(name) != found.get(name)]
    if changed:
        raise _refused(path, f"{quoted(changed)} not as written", _AGAIN)
    try:
        tables = {name.removesuffix(".parquet"): _frame(members[name]) for name in hashes}
    except (OSError, ValueError, KeyError) as error:  # pyarrow's errors are ValueErrors or OSErrors
        raise _refused(path, "a table that cannot be read", _AGAIN) from error
    return tables, manifest, fingerprint_of(members[MANIFEST])


def fingerprint_of(manifest: bytes) -> str:
    """Return the fingerprint of a release: the SHA-256 of its manifest, which has all others."""
    return hashlib.sha256(manifest).hexdigest()


_AGAIN = "take the file again from where it came from, or build the release anew"


def _members(path: Path) -> dict[str, bytes]:
    if path.is_dir():
        first = "careerbench release FOLDER -o NAME.release, and the file it writes"
        raise _refused(path, "a folder", first)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len({info.filename for info in infos}) < len(infos):
                raise _refused(path, "a member that stands in it twice", _AGAIN)
            if sum(info.file_size for info in infos) > _LARGEST:
                raise _refused(path, "more than 2 GB of tables", _AGAIN)
            return {info.filename: archive.read(info) for info in infos}
    except FileNotFoundError as error:
        raise _refused(path, "no such file", "careerbench release FOLDER -o NAME.release") from (
            error
        )
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError,
            EOFError, ValueError, zlib.error) as error:  # fmt: skip
        raise _refused(path, "a file that is cut off or no release", _AGAIN) from error


def _refused(path: Path, found: str, hint: str) -> DisclosureError:
    return DisclosureError(f"open_release: '{path.name}' cannot be used.", found=found, hint=hint)


def _parquet(table: pd.DataFrame) -> bytes:
    """Write a frame without its index, its attributes or any statistics."""
    import pyarrow as pa
    from pyarrow import parquet

    arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    sink = io.BytesIO()
    parquet.write_table(arrow, sink, compression="zstd", write_statistics=False)
    return sink.getvalue()


def _frame(content: bytes) -> pd.DataFrame:
    from pyarrow import parquet

    return parquet.read_table(io.BytesIO(content)).to_pandas()
