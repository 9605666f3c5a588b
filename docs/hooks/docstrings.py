"""Docstrings are written for Python's help; here they become Markdown before they are shown."""

import re
from typing import Any

import griffe

_ROLE = re.compile(r":(?:func|class|meth):`~?([\w.]+)`")
_REFERENCE = re.compile(r"\[(\d+)\]_")
_NOTE = re.compile(r"^( *)\.\. \[(\d+)\] ", re.MULTILINE)


class Docstrings(griffe.Extension):
    """Turn roles into links to the room's page, and footnotes into a list."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of everything that griffe has read."""
        if obj.docstring:
            room = obj.path.split(".")[1] if obj.path.count(".") else ""
            obj.docstring.value = as_markdown(obj.docstring.value, room)


def as_markdown(text: str, room: str) -> str:
    r"""Rewrite one docstring of a room.

    Examples
    --------
    >>> print(as_markdown("See :func:`change` [1]_.", "analysis"))
    See [`change`](analysis.md#change) \[1\].
    """
    text = _ROLE.sub(lambda role: _link(role[1], room), text)
    text = _REFERENCE.sub(r"\\[\1\\]", text)
    return _NOTE.sub(r"\1\2. ", text)


def _link(path: str, room: str) -> str:
    """Link to a public name; name anything else in code."""
    import importlib

    parts = path.split(".")
    if parts[0] == "careerbench":
        room = parts[1]
    name = parts[-1]
    public = getattr(importlib.import_module(f"careerbench.{room}"), "__all__", ())
    return f"[`{name}`]({room}.md#{name})" if name in public else f"`{path}`"
