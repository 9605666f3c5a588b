"""The page's script and style: modules joined into one, because a file on a stick cannot import."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

# from what knows nothing to what starts: each imports only those before it
_MODULES = (
    "words", "cells", "state", "reach", "bars", "benchmarks", "surveys", "change", "pages",
    "address", "dom", "figure", "pictures", "grid", "files", "downloads", "about", "controls",
    "section", "app",
)  # fmt: skip
_IMPORT = re.compile(r"^import \{[^}]*\} from \"\./(\w+)\.js\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=function|const|let|class|async)", re.MULTILINE)


@cache
def joined(start: str) -> str:
    """Join the modules and one that starts them (``main`` or ``widget``) into one module.

    Only import and export lines are left out, so the modules' names must differ. A module that
    imports one that does not stand before it is a mistake here, and an assertion says so.
    """
    parts: list[str] = []
    before: set[str] = set()
    for name in (*_MODULES, start):
        text = _read(f"js/{name}.js")
        wanted = set(_IMPORT.findall(text))
        assert wanted <= before, f"{name}.js imports {wanted - before} too early"
        parts.append(_EXPORT.sub("", _IMPORT.sub("", text)))
        before.add(name)
    return "\n".join(parts)


@cache
def style() -> str:
    """Return the page's style."""
    return _read("page.css")


def hashed(content: str) -> str:
    """Write the hash by which a Content-Security-Policy allows one inline block.

    Examples
    --------
    >>> hashed("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
