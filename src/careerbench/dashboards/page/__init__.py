"""A stand-in for the stakeholders' page, to be replaced by the page itself."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from typing import TYPE_CHECKING

from careerbench import html

if TYPE_CHECKING:
    from pathlib import Path

    from careerbench.disclosure import Release

__all__ = ["csp_of", "page_html", "workbook", "write_page"]


def page_html(release: Release, *, where: str = "server") -> str:
    """Write a page that names the release and counts its cells."""
    links = '<p><a href="live/">Live view</a></p>' if where == "server" else ""
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><link rel="icon" '
        f'href="data:;base64,="><title>{html.text(release.title)}</title></head><body><main>'
        f"<h1>{html.text(release.title)}</h1>{links}<p>{len(release.cells())} cells</p></main>"
        "<script>document.body.dataset.ready = 'yes';</script></body></html>"
    )


def csp_of(page: str) -> str:
    """Return the policy that allows the page's scripts by their hashes."""
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'"
        for one in scripts
    )
    return f"default-src 'none'; script-src {hashes}; img-src data:; frame-ancestors 'none'"


def workbook(release: Release) -> bytes:
    """Return the cells as a workbook."""
    sink = io.BytesIO()
    release.cells().head(100).to_excel(sink, index=False)
    return sink.getvalue()


def write_page(release: Release, path: Path) -> Path:
    """Write the page as a file."""
    path.write_text(page_html(release, where="file"), encoding="utf-8")
    return path
