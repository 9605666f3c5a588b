"""What stands before the live view: the page that needs no kernel, downloads, the way in."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from tornado.ioloop import PeriodicCallback

from careerbench.dashboards.serving.documents import DocumentPage, Shelf, document
from careerbench.dashboards.serving.door import PasswordDoor
from careerbench.dashboards.serving.entry import Login, Logout, Slash, login_meters

if TYPE_CHECKING:
    from pathlib import Path

    from careerbench.dashboards.serving.documents import Document
    from careerbench.dashboards.serving.door import Door
    from careerbench.disclosure import Release

_HTML = "text/html; charset=UTF-8"
_CSV = "text/csv; charset=UTF-8; header=present"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LOOK_MS = 2_000
_WORDS = {"c": "hidden, so that nobody can be made out", "z": "nobody there to be counted"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_log = logging.getLogger("careerbench.dashboards.share")


def front(release: Release, door: Door, base_url: str, *, live: bool = True) -> tuple[Any, ...]:
    """List the handlers of everything that needs no kernel.

    Parameters
    ----------
    release : Release
        What is shown. The page is made now, the downloads when first asked for.
    door : Door
        Who may come in; with a password there is a way in and out.
    base_url : str
        The path of the front page, with a slash at both ends.
    live : bool, default True
        Whether there is a live view to link to.
    """
    here, name = re.escape(base_url), _file_name(release)
    page = _page(release, live=live, log_out=isinstance(door, PasswordDoor))
    shelves = {
        "": Shelf(lambda: page),
        "downloads/cells\\.csv": Shelf(lambda: _csv(release, f"{name}.csv")),
        "downloads/cells\\.xlsx": Shelf(lambda: _xlsx(release, f"{name}.xlsx")),
    }
    found: list[Any] = [
        (f"{here}{path}", DocumentPage, {"shelf": shelf}) for path, shelf in shelves.items()
    ]
    found += [(f"{here}live", Slash), *([(here[:-1], Slash)] if base_url != "/" else ())]
    if isinstance(door, PasswordDoor):
        mine = {"door": door, "base_url": base_url}
        found += [(f"{here}login", Login, {**mine, "meters": login_meters()})]
        found += [(f"{here}logout", Logout, mine)]
    return tuple(found)


def watch(path: Path) -> None:
    """Warn, once for each, when another file takes the place of the one that is served."""
    seen = [_looks(path)]

    def look() -> None:
        now = _looks(path)
        if now != seen[0]:
            seen[0] = now
            what = "has changed" if now else "is gone"
            _log.warning(
                "%s %s: the release read at the start is still shown. Start again to show another.",
                path.name,
                what,
            )

    PeriodicCallback(look, _LOOK_MS).start()


def _looks(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _page(release: Release, *, live: bool, log_out: bool) -> Document:
    from careerbench.dashboards.page import csp_of, page_html

    page = page_html(release, where="server", live=live, log_out=log_out)
    return document(page.encode("utf-8"), _HTML, policy=csp_of(page))


def _csv(release: Release, file_name: str) -> Document:
    """Write every cell, hidden ones with the reason in words; no text can act as a formula."""
    cells = release.cells()
    cells["reason_in_words"] = cells["reason"].map(_WORDS).fillna("")
    for column in cells.columns.difference(["value"]):
        words = cells[column].astype("string").fillna("")
        risky = words.str.startswith(_FORMULA)
        cells[column] = words.mask(risky, "'" + words) if risky.any() else words
    said = cells.to_csv(index=False, lineterminator="\r\n")
    return document(said.encode("utf-8-sig"), _CSV, file_name=file_name)


def _xlsx(release: Release, file_name: str) -> Document:
    from careerbench.dashboards.page import workbook

    return document(workbook(release), _XLSX, file_name=file_name)


def _file_name(release: Release) -> str:
    """Name a download after the release and its fingerprint."""
    words = re.sub(r"[^a-z0-9]+", "-", release.title.lower()).strip("-")[:40] or "release"
    return f"{words}-{release.fingerprint[:8]}-cells"
