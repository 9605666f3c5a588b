"""Escaped pieces of HTML for notebook displays and dashboards."""

from collections.abc import Iterable, Sequence
from html import escape


def element(name: str, *children: str, **attributes: str) -> str:
    """Write one element; children are HTML already, attributes are escaped here.

    A trailing underscore in an attribute's name is dropped (``class_``), others become dashes.

    Examples
    --------
    >>> element("p", text("a < b"), class_="note", aria_label='"x"')
    '<p class="note" aria-label="&quot;x&quot;">a &lt; b</p>'
    """
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value, quote=True)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{pairs}>{''.join(children)}</{name}>"


def text(value: object) -> str:
    """Escape anything for use as text."""
    return escape(str(value), quote=False)


def table(
    header: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    caption: str = "",
    cell_style: str = "",
) -> str:
    """Write a table with a caption, scoped column headers and the first cell as row header.

    ``cell_style`` is the style of every cell, such as ``text-align:left`` for a table of words.

    Examples
    --------
    >>> table(["school", "n"], [["A & B", 3]])  # doctest: +NORMALIZE_WHITESPACE
    '<table><thead><tr><th scope="col">school</th><th scope="col">n</th></tr></thead><tbody><tr><th
    scope="row">A &amp; B</th><td>3</td></tr></tbody></table>'
    """
    style = {"style": cell_style} if cell_style else {}
    head = element("tr", *(element("th", text(name), scope="col", **style) for name in header))
    body = "".join(element("tr", *_cells(row, style)) for row in rows)
    title = element("caption", text(caption)) if caption else ""
    return element("table", title, element("thead", head), element("tbody", body))


def _cells(row: Sequence[object], style: dict[str, str]) -> list[str]:
    first, *rest = row
    cells = (element("td", text(value), **style) for value in rest)
    return [element("th", text(first), scope="row", **style), *cells]
