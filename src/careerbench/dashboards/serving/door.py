"""Who may come in: anybody on this machine, who knows the password, whom a proxy has signed in."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from tornado.httputil import HTTPServerRequest

_HOURS = 12
_MOST_SESSIONS = 10_000
_NAME = re.compile(r"[^\x00-\x20\x7f,][^\x00-\x1f\x7f,]{0,200}")


class Door(Protocol):
    """Says who a request comes from."""

    asks_password: bool

    def who(self, request: HTTPServerRequest) -> str | None:
        """Return the visitor's name, or None for somebody who may not come in."""


class OpenDoor:
    """Everybody who reaches the server, which then listens on this machine alone."""

    asks_password = False

    def who(self, request: HTTPServerRequest) -> str | None:  # noqa: ARG002
        """Return the same name for everybody."""
        return "visitor"


class ProxyDoor:
    """Whom the proxy in front has signed in, by the header it sets.

    The proxy must remove that header from what its clients send.

    Parameters
    ----------
    header : str
        The header's name, such as ``X-Forwarded-Email``.
    """

    asks_password = False

    def __init__(self, header: str) -> None:
        self._header = header

    def who(self, request: HTTPServerRequest) -> str | None:
        """Return what the header says; None where it is missing, empty or given twice."""
        said = request.headers.get_list(self._header)
        return said[0] if len(said) == 1 and _NAME.fullmatch(said[0]) else None


class PasswordDoor:
    """Who has given the password; the server remembers it for twelve hours.

    Parameters
    ----------
    password : str
        The password; only a keyed hash of it is kept, and only in memory.
    cookie : str
        The name of the cookie that holds a session's number.
    clock : callable, optional
        Seconds that pass.
    """

    asks_password = True

    def __init__(
        self, password: str, *, cookie: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._salt = secrets.token_bytes(32)
        self._kept = self._hashed(password)
        self._sessions: dict[str, float] = {}
        self._clock = clock
        self.cookie = cookie

    def who(self, request: HTTPServerRequest) -> str | None:
        """Return a name where the request carries the number of an open session."""
        number = self._number(request)
        return "visitor" if self._sessions.get(number, 0) > self._clock() else None

    def enter(self, password: str) -> str | None:
        """Return the number of a new session, or None where the password is wrong."""
        if not hmac.compare_digest(self._hashed(password), self._kept):
            return None
        now = self._clock()
        self._sessions = {key: end for key, end in self._sessions.items() if end > now}
        while len(self._sessions) >= _MOST_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        number = secrets.token_urlsafe(32)
        self._sessions[number] = now + _HOURS * 3600
        return number

    def leave(self, request: HTTPServerRequest) -> None:
        """Close the session of a request."""
        self._sessions.pop(self._number(request), None)

    def _number(self, request: HTTPServerRequest) -> str:
        morsel = request.cookies.get(self.cookie)
        return morsel.value if morsel else ""

    def _hashed(self, password: str) -> bytes:
        said = password.encode("utf-8", "surrogatepass")
        return hmac.new(self._salt, said, hashlib.sha256).digest()
