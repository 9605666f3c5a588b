"""Gzip and zip archives: the one table inside, unpacked within limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from careerbench.errors import ReadError, did_you_mean, quoted
from careerbench.loaders.opening import FILE_LIMIT, refuse_empty

if TYPE_CHECKING:
    from collections.abc import Iterator

UNPACKED_LIMIT = FILE_LIMIT
_RATIO_LIMIT, _RATIO_FROM = 200, 64 * 1024**2
_STEP = 1024**2
_MEMBERS_LIMIT = 10_000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
           ValueError, KeyError, IndexError, OverflowError)  # fmt: skip


@dataclass(frozen=True)
class Unpacked:
    """What came out of an archive, the name it goes by, and what was decided."""

    body: bytes
    name: str
    said: tuple[str, ...]


def unpack_gzip(body: bytes, *, name: str) -> Unpacked:
    """Unpack a gzip file, checking its sum and length."""
    pieces: list[bytes] = []
    n_bytes, rest = 0, body
    while rest.startswith(b"\x1f\x8b"):
        stream = zlib.decompressobj(wbits=31)
        for piece in _inflated(stream, rest, name):
            n_bytes += len(piece)
            _refuse_bomb(n_bytes, len(body), name)
            pieces.append(piece)
        rest = stream.unused_data.lstrip(b"\0")
    if rest:
        raise _broken(name, "bytes after the end of the archive")
    unpacked = b"".join(pieces)
    refuse_empty(unpacked, name)
    inside = name[:-3] if name.casefold().endswith(".gz") else name
    return Unpacked(unpacked, inside, (f"unpacked from gzip: {n_bytes:,} bytes",))


def unpack_zip(body: bytes, *, name: str, member: str | None) -> Unpacked:
    """Unpack the one table of a zip archive, or the member named."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            chosen, why = _choose(archive, member, name)
            unpacked = _extract(archive, chosen, name)
    except _BROKEN as error:
        if isinstance(error, ReadError):
            raise
        raise _broken(name, str(error) or type(error).__name__) from None
    inside = PurePosixPath(chosen.filename).name
    refuse_empty(unpacked, inside)
    return Unpacked(unpacked, inside, (f"unpacked '{chosen.filename}' from zip: {why}",))


def check_zip(body: bytes, *, name: str) -> Iterator[tuple[str, bytes]]:
    """Unpack every member of a workbook, which is a zip archive, within limits, one at a time."""
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            _refuse_many(archive, name)
            for each in archive.infolist():
                if each.is_dir():
                    continue
                content = _extract(archive, each, name, before=total)
                total += len(content)
                yield each.filename, content
    except _BROKEN as error:
        if isinstance(error, ReadError):
            raise
        raise _broken(name, str(error) or type(error).__name__, what="workbook") from None


def _choose(archive: zipfile.ZipFile, member: str | None, name: str) -> tuple[zipfile.ZipInfo, str]:
    _refuse_many(archive, name)
    inside = {each.filename: each for each in archive.infolist() if _may_be_table(each)}
    if member is not None:
        by_name = {PurePosixPath(each).name: found for each, found in inside.items()}
        chosen = inside.get(member) or by_name.get(member)
        if chosen is None:
            raise ReadError(
                f"read_table: '{name}' has no member '{member}'.",
                found=quoted(inside),
                hint=did_you_mean(member, inside) if inside else "another archive",
            )
        return chosen, "as asked"
    if len(inside) == 1:
        return next(iter(inside.values())), "the only file in it"
    raise ReadError(
        f"read_table: '{name}' holds {len(inside) or 'no'} files, not one table.",
        found=quoted(inside),
        hint=f'member="{next(iter(inside))}"' if inside else "an archive with a table in it",
    )


def _may_be_table(each: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(each.filename)
    return not (each.is_dir() or path.name.startswith(".") or "__MACOSX" in path.parts)


def _refuse_many(archive: zipfile.ZipFile, name: str) -> None:
    n_members = len(archive.infolist())
    if n_members > _MEMBERS_LIMIT:
        raise ReadError(
            f"read_table: '{name}' holds too many files.",
            found=f"{n_members:,}; at most {_MEMBERS_LIMIT:,}",
            hint="unpack it, and read one of its files",
        )


def _extract(
    archive: zipfile.ZipFile, chosen: zipfile.ZipInfo, name: str, *, before: int = 0
) -> bytes:
    """Unpack one member, if the size it claims is one that a table can have."""
    if chosen.flag_bits & 1:
        raise ReadError(
            f"read_table: '{name}' is locked with a password.",
            found=f"an encrypted member '{chosen.filename}'",
            hint="unpack it first",
        )
    _refuse_bomb(before + chosen.file_size, chosen.compress_size, name)
    content = archive.read(chosen)  # never more than the size claimed, and its sum is checked
    if len(content) != chosen.file_size:
        raise _broken(name, f"'{chosen.filename}' is not as long as the archive says")
    return content


def _inflated(stream: zlib._Decompress, body: bytes, name: str) -> Iterator[bytes]:
    try:
        piece = stream.decompress(body, _STEP)
        while piece or not stream.eof:
            if not piece and not stream.unconsumed_tail:
                raise _broken(name, "the archive ends before its table does")
            yield piece
            piece = b"" if stream.eof else stream.decompress(stream.unconsumed_tail, _STEP)
    except zlib.error as error:
        raise _broken(name, str(error)) from None


def _refuse_bomb(n_bytes: int, n_packed: int, name: str) -> None:
    swollen = n_bytes > _RATIO_FROM and n_bytes > _RATIO_LIMIT * max(n_packed, 1)
    if swollen or n_bytes > UNPACKED_LIMIT:
        raise ReadError(
            f"read_table: '{name}' unpacks to far more than a table would.",
            found=f"{n_packed:,} bytes that become {n_bytes:,} or more",
            hint="unpack it yourself if you trust whoever sent it",
        )


def _broken(name: str, found: str, *, what: str = "archive") -> ReadError:
    return ReadError(
        f"read_table: '{name}' is not a whole {what}.", found=found, hint="fetch the file again"
    )
