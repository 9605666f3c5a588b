"""Small pages that need no script: to log in, to wait, to be told what went wrong."""

from __future__ import annotations

import base64
import hashlib

from careerbench import html

_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: #0b0c0c; background: #fff; }
main { max-width: 40rem; margin: 0 auto; padding: 2rem 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
label { display: block; font-weight: bold; margin-bottom: .25rem; }
input { width: 100%; max-width: 20rem; font: inherit; padding: .5rem; border: 2px solid #0b0c0c; }
button { font: inherit; font-weight: bold; margin-top: 1rem; padding: .6rem 1rem; border: 0;
  color: #fff; background: #1d4f91; cursor: pointer; }
a { color: #1d4f91; display: inline-block; min-height: 24px; }
.wrong { border-left: .3rem solid #942514; padding-left: .7rem; color: #942514; font-weight: bold; }
input:focus-visible, button:focus-visible, a:focus-visible {
  outline: 3px solid #0b0c0c; outline-offset: 2px; box-shadow: 0 0 0 6px #ffdd00; }
"""
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; img-src data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""What these pages may load: their own style and nothing else."""
_WORDS = {
    400: ("This request could not be read", "Go back and try again."),
    401: ("You are not logged in", "Log in and try again."),
    403: ("You may not open this", "Open the dashboard from its own address, and not by a script."),
    404: ("There is no such page", "The address may be mistyped or from an older dashboard."),
    405: ("This cannot be done here", "The dashboard can be read, and nothing else."),
    413: ("This request is too large", "Go back and try again."),
    429: ("Too many requests", "Wait a minute, then reload this page."),
    503: ("The dashboard is busy", "Wait a minute, then reload this page."),
}
_FAILED = ("Something went wrong", "Reload this page. If it happens again, tell whoever runs it.")
_BACK = "Back to the dashboard"


def error_page(status: int, *, base_url: str) -> bytes:
    """Write the page for an error, in words that give nothing away.

    Examples
    --------
    >>> b"There is no such page" in error_page(404, base_url="/")
    True
    """
    title, advice = _WORDS.get(status, _FAILED)
    return _page(title, _paragraph(advice), _link(base_url, _BACK))


def login_page(*, base_url: str, going_to: str, message: str = "") -> bytes:
    """Write the form that asks for the password; ``message`` says why the last one failed."""
    wrong = html.element("p", html.text(message), class_="wrong", id_="wrong", role="alert")
    described = {"aria_describedby": "wrong", "aria_invalid": "true"} if message else {}
    form = html.element(
        "form",
        html.element("label", "Password", for_="password"),
        _void("input", type="password", name_="password", id="password", required="",
              autocomplete="current-password", maxlength="200", **described),
        _void("input", type="hidden", name_="next", value=going_to),
        html.element("div", html.element("button", "Log in", type="submit")),
        method="post",
        action=f"{base_url}login",
    )  # fmt: skip
    title = "Log in to the dashboard"
    about = "Whoever sent you here has given you a password."
    return _page(title, wrong if message else "", _paragraph(about), form)


def busy_page(*, base_url: str, front: bool) -> bytes:
    """Write the page for a visitor for whom there is no kernel left."""
    if not front:
        return error_page(503, base_url=base_url)
    return _page(
        "All live places are taken",
        _paragraph(
            "The live view keeps a small program running for each visitor, and just now "
            "as many run as this computer is allowed to."
        ),
        _paragraph("The dashboard itself shows the same figures and has room for everybody."),
        _link(base_url, "Open the dashboard"),
        _link(f"{base_url}live/", "Try the live view again"),
    )


def moving_page(going_to: str) -> bytes:
    """Write a page that opens an address of this site: a link from elsewhere carries no cookie."""
    opening = _void("meta", http_equiv="refresh", content=f"0;url={going_to}")
    return _page(
        "Opening the dashboard", _link(going_to, "Open it if nothing happens"), head=opening
    )


def _page(title: str, *body: str, head: str = "") -> bytes:
    heading = html.element("h1", html.text(title))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:;base64,=">{head}'
        f"<title>{html.text(title)} - careerbench</title><style>{_STYLE}</style></head>"
        f"<body><main>{heading}{''.join(body)}</main></body></html>\n"
    ).encode()


def _paragraph(words: str) -> str:
    return html.element("p", html.text(words))


def _link(address: str, words: str) -> str:
    return html.element("p", html.element("a", html.text(words), href=address))


def _void(name: str, **attributes: str) -> str:
    """Write an element that has no end tag."""
    return html.element(name, **attributes).removesuffix(f"</{name}>")
