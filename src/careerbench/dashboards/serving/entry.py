"""The way in and out: who gives the password is remembered by a cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tornado.web import RequestHandler

from careerbench.dashboards.serving import answers
from careerbench.dashboards.serving.gate import OWN_ANSWER
from careerbench.dashboards.serving.limits import Meter

if TYPE_CHECKING:
    from careerbench.dashboards.serving.door import PasswordDoor

_TRIES = (10, 10 / 60)  # log-ins of one address: at once, a second
_ALL_TRIES = (60, 1)  # of all addresses together
_WRONG = "This is not the password. Try again."
_SLOWER = "Too many tries. Wait a minute, then try again."


class Slash(RequestHandler):
    """Adds the slash that an address lacks."""

    def get(self) -> None:
        """Send the browser on."""
        self.redirect(f"{self.request.path}/")

    head = get


class Login(RequestHandler):
    """Asks for the password."""

    def initialize(self, door: PasswordDoor, base_url: str, meters: tuple[Meter, Meter]) -> None:
        """Remember whose door it is."""
        self._door, self._base_url, self._meters = door, base_url, meters

    def get(self) -> None:
        """Show the form, or go on where the visitor is known."""
        if self._door.who(self.request):
            self.redirect(self._going_to())
        else:
            self._show(200)

    head = get

    def post(self) -> None:
        """Let the visitor in, or show the form again."""
        alone, together = self._meters
        if not (alone.allows(str(self.request.remote_ip)) and together.allows("")):
            self.set_header("Retry-After", "60")
            self._show(429, _SLOWER)
            return
        number = self._door.enter(self.get_body_argument("password", "", strip=False))
        if number is None:
            self._show(401, _WRONG)
            return
        self.set_cookie(self._door.cookie, number, **cookie_options(self, self._base_url))
        self.set_header("Cache-Control", "no-store")
        self.redirect(self._going_to(), status=303)

    def _going_to(self) -> str:
        """Return where to go: a page below ours, never another site's."""
        said = self.get_argument("next", self._base_url)
        below = said.startswith(self._base_url) and not said.startswith("//")
        plain = all(" " < letter < "\x7f" and letter not in "\\\"'<>" for letter in said)
        return said if below and plain else self._base_url

    def _show(self, status: int, message: str = "") -> None:
        going_to = self._going_to()
        page = answers.login_page(base_url=self._base_url, going_to=going_to, message=message)
        self.set_status(status)
        self.set_header(OWN_ANSWER, "login")
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Content-Security-Policy", answers.POLICY)
        self.set_header("Cache-Control", "no-store")
        self.finish(page)


class Logout(RequestHandler):
    """Ends a visitor's session."""

    def initialize(self, door: PasswordDoor, base_url: str) -> None:
        """Remember whose door it is."""
        self._door, self._base_url = door, base_url

    def post(self) -> None:
        """Forget the visitor, and take the cookie back."""
        self._door.leave(self.request)
        self.clear_cookie(self._door.cookie, **cookie_options(self, self._base_url))
        self.redirect(f"{self._base_url}login", status=303)


def cookie_options(handler: RequestHandler, base_url: str) -> dict[str, Any]:
    """Return what a cookie of ours is marked with."""
    return {
        "path": base_url,
        "httponly": True,
        "samesite": "Strict",
        "secure": handler.request.protocol == "https",
    }


def login_meters() -> tuple[Meter, Meter]:
    """Return the meters of tries: one for each address, one for all of them."""
    return Meter(*_TRIES), Meter(*_ALL_TRIES)
