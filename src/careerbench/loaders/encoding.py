"""Which characters the bytes of a text file stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from careerbench.errors import ReadError

if TYPE_CHECKING:
    import pyarrow as pa

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_MANY_RUNS, _WEIGHED_RUNS, _BROKEN_SHARE = 50_000, 500, 0.5
_PIECE = 64 * 1024
_LIKELY = re.compile(r"[a-z][à-öø-ÿœšž]|[à-öø-ÿœšž][a-z]|\b[À-ÖØ-Þ][a-zà-ÿ]|[‘’“”–—…£€°·•½¼¾\xa0]")
_UNLIKELY = re.compile(
    r"[a-zà-öø-ÿ][À-ÖØ-ÞŒŠŽŸ]|(?<!\w)[À-ÖØ-ÞŒŠŽŸ](?!\w)|[†‡ˆ‰¬˜√∫∆≈◊Ω∏π∂∑ˇ˘˙˚˝˛ıƒ∞±≤≥]"
)


@dataclass(frozen=True)
class Decoded:
    """The bytes of a file as UTF-8, and what they were before.

    Attributes
    ----------
    body : bytes
    said : str
        What was decided, in words.
    single : str, optional
        The encoding, of one byte for each character, that ``body`` is still in: the few cells
        that need it are rewritten once they are found, which is faster than rewriting the file.
    """

    body: bytes
    said: str
    single: str | None = None

    def utf8(self, name: str) -> bytes:
        """Return the whole file as UTF-8."""
        if self.single is None:
            return self.body
        return _recode(self.body, _high_runs(self.body), self.single, name)

    def cells(self, column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
        """Rewrite the cells of one column as UTF-8."""
        import pyarrow as pa

        if self.single is None:
            return column
        chunks = [_recode_cells(chunk, self.single, name) for chunk in column.chunks]
        return pa.chunked_array(chunks, column.type)


def to_utf8(body: bytes, *, encoding: str | None, name: str) -> Decoded:
    """Rewrite the bytes as UTF-8 without a mark, in the encoding given or found.

    Examples
    --------
    >>> to_utf8("Thomas à Becket".encode("cp1252"), encoding=None, name="schools.csv").said
    'encoding cp1252: not UTF-8, and its accents read better than in Mac Roman'
    """
    if encoding is not None:
        text = _decode(body, encoding, name).removeprefix("\ufeff")
        return Decoded(text.encode(), f"encoding {encoding}, as asked")
    for mark, marked in _BOMS.items():
        if body.startswith(mark):
            text = _decode(body, marked, name)
            return Decoded(text.encode(), f"encoding {marked}, by its byte order mark")
    if b"\0" in body:
        raise ReadError(
            f"read_table: '{name}' is not a text file.",
            found="NUL bytes",
            hint="a CSV file, or a workbook under its own ending (.xlsx, .xls, .ods)",
        )
    return _guess(body)


def _guess(body: bytes) -> Decoded:
    runs = _high_runs(body)
    if not runs:
        return Decoded(body, "encoding utf-8: plain ASCII")
    try:
        b" ".join(body[start:end] for start, end in runs).decode()
    except UnicodeDecodeError:
        broken = _broken_utf8(body, runs)
        if broken is not None:
            return broken
        encoding, why = _cp1252_or_mac(body, runs[:_WEIGHED_RUNS])
        return Decoded(body, f"encoding {encoding}: {why}", encoding)
    return Decoded(body, "encoding utf-8")


def _broken_utf8(body: bytes, runs: list[tuple[int, int]]) -> Decoded | None:
    """Read a UTF-8 file in which a few bytes are not; None where most are not."""
    looked_at = runs[:_WEIGHED_RUNS]
    if sum(not _is_utf8(body[slice(*run)]) for run in looked_at) > _BROKEN_SHARE * len(looked_at):
        return None
    bad = [run for run in runs if not _is_utf8(body[slice(*run)])]
    pieces, done = [], 0
    for start, end in bad:
        pieces += [body[done:start], _mended(body[start:end])]
        done = end
    first = body.count(b"\n", 0, bad[0][0]) + 1
    places = "1 place" if len(bad) == 1 else f"{len(bad):,} places"
    said = f"encoding utf-8; warning: {places} (the first in line {first}) not, read as cp1252"
    return Decoded(b"".join([*pieces, body[done:]]), said)


def _mended(piece: bytes) -> bytes:
    """Keep what is UTF-8, and read the bytes that are not one by one."""
    done = b""
    while piece:
        try:
            piece.decode()
        except UnicodeDecodeError as error:
            odd = piece[error.start : error.start + 1]
            done += piece[: error.start] + _single(odd).encode()
            piece = piece[error.start + 1 :]
        else:
            return done + piece
    return done


def _single(byte: bytes) -> str:
    try:
        return byte.decode("cp1252")
    except UnicodeDecodeError:  # five bytes mean nothing there
        return byte.decode("latin-1")


def _is_utf8(piece: bytes) -> bool:
    try:
        piece.decode()
    except UnicodeDecodeError:
        return False
    return True


def _high_runs(body: bytes) -> list[tuple[int, int]]:
    """Find the stretches of bytes above 127; in UTF-8 each is whole characters."""
    import numpy as np

    found = [
        np.flatnonzero(np.frombuffer(piece, np.uint8) > 127) + start
        for start in range(0, len(body), _PIECE)
        if not (piece := body[start : start + _PIECE]).isascii()
    ]
    if not found:
        return []
    high = np.concatenate(found)
    breaks = np.flatnonzero(np.diff(high) > 1)
    starts = high[np.concatenate(([0], breaks + 1))]
    ends = high[np.concatenate((breaks, [high.size - 1]))] + 1
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _cp1252_or_mac(body: bytes, runs: list[tuple[int, int]]) -> tuple[str, str]:
    windows = b"\n".join(body[max(start - 1, 0) : end + 1] for start, end in runs)
    windows_score, mac_score = (_score(windows, name) for name in ("cp1252", "mac_roman"))
    if mac_score > windows_score:
        return "mac_roman", "not UTF-8, and its accents read better than in cp1252"
    return "cp1252", "not UTF-8, and its accents read better than in Mac Roman"


def _score(windows: bytes, encoding: str) -> int:
    text = windows.decode(encoding, errors="replace")
    unknown = text.count("\N{REPLACEMENT CHARACTER}")
    return len(_LIKELY.findall(text)) - len(_UNLIKELY.findall(text)) - 5 * unknown


def _recode(body: bytes, runs: list[tuple[int, int]], encoding: str, name: str) -> bytes:
    """Rewrite the few bytes above 127, which is faster than decoding the whole file."""
    if len(runs) > _MANY_RUNS:
        return _decode(body, encoding, name).encode()
    pieces: list[bytes | memoryview] = []
    view, done = memoryview(body), 0
    for start, end in runs:
        pieces += [view[done:start], _decode(body[start:end], encoding, name).encode()]
        done = end
    return b"".join([*pieces, view[done:]])


def _recode_cells(cells: pa.Array, encoding: str, name: str) -> pa.Array:
    """Rewrite the cells that hold a byte above 127."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    _, offsets, text = cells.buffers()
    if text is None or not len(cells):
        return cells
    ends = np.frombuffer(offsets, np.int64)[cells.offset : cells.offset + len(cells) + 1]
    letters = np.frombuffer(text, np.uint8)[ends[0] : ends[-1]]
    if not letters.size or letters.max() < 128:
        return cells
    places = np.searchsorted(ends, np.flatnonzero(letters > 127) + ends[0], side="right") - 1
    places = np.unique(places)
    raw = cells.view(pa.large_binary()).take(pa.array(places)).to_pylist()
    said = pa.array([_decode(each, encoding, name) for each in raw], cells.type)
    mask = np.zeros(len(cells), bool)
    mask[places] = True
    return pc.replace_with_mask(cells, pa.array(mask), said)


def _decode(body: bytes, encoding: str, name: str) -> str:
    try:
        text = body.decode(encoding)
        text.encode()  # half a surrogate pair is no character
    except LookupError:
        raise ReadError(
            f"read_table: there is no encoding '{encoding}'.",
            found=f"'{encoding}'",
            hint='encoding="utf-8", "cp1252" or "mac_roman"',
        ) from None
    except ValueError as error:  # UnicodeError, and names with a NUL in them
        where = f"byte {error.start}" if isinstance(error, UnicodeDecodeError) else "some bytes"
        raise ReadError(
            f"read_table: '{name}' is not text in the encoding {encoding}.",
            found=f"{where} has no character in it",
            hint='encoding="utf-8", "cp1252" or "mac_roman"; or save the file again as UTF-8',
        ) from None
    return text
