"""The one way in: what every request must be, and what every answer carries."""

from __future__ import annotations

import asyncio
import ipaddress
import re
from dataclasses import dataclass, field
from http.client import responses
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from tornado.escape import url_escape
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerRequest,
    ResponseStartLine,
)
from tornado.routing import Router

from careerbench.dashboards.serving import answers
from careerbench.dashboards.serving.limits import Meter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tornado.web import Application

    from careerbench.dashboards.serving.door import Door

OWN_ANSWER = "X-Careerbench-Answer"
"""Marks an error whose page is meant; it never leaves the server."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-cache",
}
_SAFE_PATH = re.compile(r"(/[A-Za-z0-9@_][A-Za-z0-9@._+-]*)*/?")
_LONGEST_ADDRESS = 2_048
_REQUESTS = (6_000, 400)  # at once, a second: thirty people behind one proxy open the live view
_PAGE_ERRORS = 400
_OWN_SITE = {"same-origin", "none"}


@dataclass
class Gate(Router):
    """Looks at a request before any handler does, and at every answer before it leaves.

    Parameters
    ----------
    app : Application
        What answers the requests that may come in.
    door : Door
        Says who a request comes from.
    names : frozenset of str
        Names by which browsers reach this server; bare addresses are known as such.
    base_url : str
        The path under which the dashboard lies, with a slash at both ends.
    anywhere : bool
        Whether an address of another machine is one of ours, because the server listens there.
    """

    app: Application
    door: Door
    names: frozenset[str]
    base_url: str = "/"
    anywhere: bool = False
    meter: Meter = field(default_factory=lambda: Meter(*_REQUESTS))

    def start_request(
        self, server_conn: object, request_conn: HTTPConnection
    ) -> HTTPMessageDelegate:
        """Put the seal on a connection before anything is read from it."""
        return super().start_request(server_conn, _Sealed(request_conn, self.base_url))

    def find_handler(self, request: HTTPServerRequest, **options: Any) -> HTTPMessageDelegate:
        """Hand a request on, or answer it here."""
        connection = request.connection
        if isinstance(connection, _Sealed):
            connection.method = request.method or ""
        refused = self._status(request)
        if refused:
            return _Answer(request, refused)
        if self.door.who(request) is None and request.path != f"{self.base_url}login":
            return self._at_the_door(request)
        handler = self.app.find_handler(request, **options)
        return handler if handler is not None else _Answer(request, 404)

    def _status(self, request: HTTPServerRequest) -> int | None:
        """Return the status with which a request is refused, or None."""
        if not self.knows(request.host):
            return 403
        if request.method not in {"GET", "HEAD", "POST"}:
            return 405
        if len(request.uri or "") > _LONGEST_ADDRESS or not _is_safe(request.path):
            return 404
        if not self.meter.allows(str(request.remote_ip)):
            return 429
        return None if _is_from_here(request) else 403

    def knows(self, host: str) -> bool:
        """Say whether a Host header is a name or an address of ours."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return name in self.names
        return self.anywhere or address.is_loopback

    def _at_the_door(self, request: HTTPServerRequest) -> HTTPMessageDelegate:
        """Send somebody who is not known to the log-in page, or away."""
        reading = request.method in {"GET", "HEAD"}
        page = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        page = page and "Upgrade" not in request.headers
        if not (self.door.asks_password and reading and page):
            return _Answer(request, 403)
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            return _Answer(request, 200, body=answers.moving_page(request.uri or self.base_url))
        going_to = url_escape(request.uri or self.base_url)
        return _Answer(request, 302, location=f"{self.base_url}login?next={going_to}")


def _is_safe(path: str) -> bool:
    """Say whether a path is made of plain names, once its escapes are read."""
    try:
        return bool(_SAFE_PATH.fullmatch(unquote(path, errors="strict")))
    except UnicodeDecodeError:
        return False


def _is_from_here(request: HTTPServerRequest) -> bool:
    """Say whether no page of another site is behind a request."""
    site = request.headers.get("Sec-Fetch-Site", "")
    origins = request.headers.get_list("Origin")
    upgrades = request.headers.get("Upgrade", "").lower() == "websocket"
    if request.method == "POST" or upgrades or origins:
        if not origins:
            return site in _OWN_SITE or (not site and upgrades)
        same = len(origins) == 1 and urlsplit(origins[0]).netloc.lower() == request.host.lower()
        return same or (origins == ["null"] and site == "same-origin" and not upgrades)
    if site in {"cross-site", "same-site"}:  # a link may lead here; a picture or a frame may not
        mode, place = (request.headers.get(f"Sec-Fetch-{name}") for name in ("Mode", "Dest"))
        return mode == "navigate" and place in {None, "document"}
    return True


class _Sealed(HTTPConnection):
    """A connection on which no answer leaves without its headers, and no error with its reasons."""

    def __init__(self, connection: HTTPConnection, base_url: str) -> None:
        self._connection, self._base_url = connection, base_url
        self._replaced = False
        self.method = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def write_headers(
        self,
        start_line: Any,
        headers: HTTPHeaders,
        chunk: bytes | None = None,
    ) -> asyncio.Future[None]:
        """Write an answer's head with our headers, and an error with our page."""
        meant = headers.pop(OWN_ANSWER, None)
        headers.pop("Server", None)
        if start_line.code >= _PAGE_ERRORS and meant is None:
            start_line, chunk = self._replace(start_line.code, headers)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        return self._connection.write_headers(start_line, headers, chunk)

    def write(self, chunk: bytes) -> asyncio.Future[None]:
        """Write a piece of the answer, unless another answer took its place."""
        if not self._replaced:
            return self._connection.write(chunk)
        done: asyncio.Future[None] = asyncio.get_event_loop().create_future()
        done.set_result(None)
        return done

    def finish(self) -> None:
        """End the answer."""
        self._connection.finish()

    def _replace(self, status: int, headers: HTTPHeaders) -> tuple[ResponseStartLine, bytes | None]:
        self._replaced = True
        for name in ("Etag", "Transfer-Encoding", "Content-Encoding", "Content-Disposition",
                     "Set-Cookie", "Last-Modified", "Location"):  # fmt: skip
            headers.pop(name, None)
        body = answers.error_page(status, base_url=self._base_url)
        headers.update(_page_headers(body))
        line = ResponseStartLine("", status, responses.get(status, "Error"))
        return line, None if self.method == "HEAD" else body


class _Answer(HTTPMessageDelegate):
    """An answer that needs no handler."""

    def __init__(
        self,
        request: HTTPServerRequest,
        status: int,
        *,
        body: bytes = b"",
        location: str = "",
    ) -> None:
        self._request, self._status, self._body = request, status, body
        self._location = location

    def finish(self) -> None:
        """Write it when the request has been read."""
        connection: Any = self._request.connection
        headers = HTTPHeaders(_page_headers(self._body))
        if self._location:
            headers["Location"] = self._location
        if self._status == 429:
            headers["Retry-After"] = "60"
        line = ResponseStartLine("", self._status, responses.get(self._status, "Error"))
        chunk = None if self._request.method == "HEAD" else self._body
        connection.write_headers(line, headers, chunk)
        connection.finish()


def _page_headers(body: bytes) -> Mapping[str, str]:
    return {
        "Content-Type": "text/html; charset=UTF-8",
        "Content-Length": str(len(body)),
        "Content-Security-Policy": answers.POLICY,
        "Cache-Control": "no-store",
    }
