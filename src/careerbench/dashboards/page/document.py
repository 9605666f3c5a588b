"""``page_html``: a Release as one HTML page that asks nothing of any server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from careerbench import html
from careerbench.checks import require_one_of
from careerbench.dashboards.page.payload import payload_of
from careerbench.dashboards.page.script import hashed, joined, style
from careerbench.errors import DisclosureError

if TYPE_CHECKING:
    from careerbench.disclosure import Release

_PLACES = ("file", "server")


def page_html(
    release: Release, *, where: str = "file", live: bool = False, log_out: bool = False
) -> str:
    """Write a release as a whole page: script, style and cells stand in it.

    Parameters
    ----------
    release : Release
        What ``disclosure.build_release`` made or ``disclosure.open_release`` opened; nothing else
        may be shown.
    where : {"file", "server"}, default "file"
        Whether the page is opened as a file or served; a served page also links to
        ``downloads/cells.xlsx``, which ``workbook`` writes, and to ``downloads/cells.csv``.
    live : bool, default False
        Whether the server has a live view at ``live/``, to which the page then links.
    log_out : bool, default False
        Whether visitors have given a password; the page then has a button that sends ``POST
        logout``.

    Returns
    -------
    str
        HTML with a Content-Security-Policy that allows its own script and style, by their hashes,
        and no request to anybody.

    Raises
    ------
    DisclosureError
        If it is no Release.
    BadArgumentError
        If ``where`` is neither of the two.

    Examples
    --------
    >>> page_html("pilot.release")
    Traceback (most recent call last):
    careerbench.errors.DisclosureError: page_html: only a Release can be shown to others.
      found: str
      try:   disclosure.build_release(study) or disclosure.open_release(path)
    """
    payload = payload_of(release, step="page_html")
    offers = {"data_live": live, "data_leave": log_out}
    require_one_of(where, _PLACES, name="where", step="page_html")
    data = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(forms=log_out)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        html.element("title", html.text(release.title)),
        html.element("style", style()),
    ]
    need = "This page draws its figures with JavaScript, which is switched off in this browser."
    body = [
        html.element("div", html.element("noscript", html.element("p", need)),
                     id_="careerbench", class_="careerbench-page", data_where=where,
                     **{name: "" for name, there in offers.items() if there}),
        html.element("script", data, type_="application/json", id_="careerbench-data"),
        html.element("script", joined("main"), type_="module"),
    ]  # fmt: skip
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n'
        + "\n".join(head)
        + '\n</head>\n<body class="careerbench-body">\n'
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def csp_of(release_or_html: Release | str) -> str:
    """Return the page's Content-Security-Policy as the value of a header.

    It is the policy of the page's own meta tag, and forbids frames around the page, which only a
    header can. The hashes are those of the script and style, so it is the same for every release;
    only a page with a log-out button may send a form, to its own server.

    Raises
    ------
    DisclosureError
        If it is neither a Release nor a page that ``page_html`` wrote.

    Examples
    --------
    >>> csp_of("<p>another page</p>")
    Traceback (most recent call last):
    careerbench.errors.DisclosureError: csp_of: this is no page of this careerbench.
      found: text without its policy
      try:   page_html(release)
    """
    policies = (_policy(), _policy(forms=True))
    if isinstance(release_or_html, str):
        mine = [policy for policy in policies if f'content="{policy}"' in release_or_html]
        if not mine:
            raise DisclosureError(
                "csp_of: this is no page of this careerbench.",
                found="text without its policy",
                hint="page_html(release)",
            )
        return f"{mine[0]}; frame-ancestors 'none'"
    from careerbench.dashboards.page.payload import require_release

    require_release(release_or_html, step="csp_of")
    return f"{_policy()}; frame-ancestors 'none'"


def write_page(release: Release, path: str | Path) -> Path:
    """Write the page of a release as one file and return its path.

    Raises
    ------
    DisclosureError
        If it is no Release, or the file cannot be written.
    """
    file = Path(path)
    text = page_html(release)
    beside = file.with_name(f".{file.name}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(file)
    except OSError as error:
        raise DisclosureError(
            f"write_page: '{file.name}' cannot be written.",
            found=error.strerror or type(error).__name__,
            hint="a file in a folder that is there and that you may write to",
        ) from error
    return file


def _policy(*, forms: bool = False) -> str:
    """Allow the page's own script and style and the pictures that it makes; nothing else."""
    return "; ".join((
        "default-src 'none'",
        f"script-src {hashed(joined('main'))}",
        f"style-src {hashed(style())}",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'self'" if forms else "form-action 'none'",
    ))  # fmt: skip
