"""What MkDocs fills in as it builds: the names of a room, and the glossary of the README."""

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

README = Path(__file__).parents[2] / "README.md"
_NAMES = re.compile(r"^<!-- names of ([\w.]+) -->$", re.MULTILINE)
_SECTION = re.compile(r"^<!-- README: ([\w ]+) -->$", re.MULTILINE)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Fill in a page's marks; MkDocs calls this for every page."""
    markdown = _NAMES.sub(lambda mark: names_of(mark[1]), markdown)
    return _SECTION.sub(lambda mark: section_of_readme(mark[1]), markdown)


def section_of_readme(heading: str) -> str:
    """Return what stands under a heading of the README, without the heading."""
    text = README.read_text(encoding="utf-8")
    found = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE
    )
    if found is None:
        raise LookupError(f"README.md has no heading '{heading}'")
    return found[1].strip()


def names_of(room: str) -> str:
    """Write a heading and a mkdocstrings block for each public name of a room, functions first."""
    module = importlib.import_module(f"careerbench.{room}")
    things = {name: getattr(module, name) for name in module.__all__}
    functions = [name for name, thing in things.items() if inspect.isfunction(thing)]
    records = [name for name, thing in things.items() if inspect.isclass(thing)]
    rest = [name for name in things if name not in {*functions, *records}]
    parts = [_section("Functions", functions, things), _section("Records", records, things)]
    if rest:
        lines = [f"### {name} {{ #{name} }}\n\n`{things[name]!r}`" for name in rest]
        parts.append("\n\n".join(["## Values", *lines]))
    return "\n\n".join(part for part in parts if part)


def _section(title: str, names: list[str], things: dict[str, Any]) -> str:
    if not names:
        return ""
    return "\n\n".join([f"## {title}", *(_block(name, things[name]) for name in names)])


def _block(name: str, thing: Any) -> str:
    return "\n".join(
        [
            f'<a id="{name}"></a>\n',
            f"::: {thing.__module__}.{thing.__qualname__}",
            f"    options: {{ heading: {name}, toc_label: {name} }}",
        ]
    )
