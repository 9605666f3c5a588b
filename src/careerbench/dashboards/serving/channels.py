"""A page's line to its kernel: what it says is checked, what it hears holds no traceback."""

from __future__ import annotations

import re
from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from careerbench.dashboards.serving import messages
from careerbench.dashboards.serving.limits import Meter

PROTOCOL = "v1.kernel.websocket.jupyter.org"
FAILED = "Something went wrong on this page. The terminal it was started from says more."
OLD_PROTOCOL, KERNEL_DIED, KERNEL_IDLE, TOO_MUCH = 4400, 4410, 4408, 4429
_PAGE_CLOSED = 1001  # what browsers send when a tab is closed or moves on
_MESSAGES = (80, 40)  # at once, a second
_MOST_REFUSED = 400
_MOST_LINES, _SWITCHED = 3, 101
_SESSION = re.compile(r"[\w-]{1,64}")


class Line(VoilaKernelWebsocketHandler):
    """Opens the websocket of a page, if it asks plainly."""

    async def pre_get(self) -> None:
        """Refuse a session's name that could mean something else, and one line too many."""
        if not _SESSION.fullmatch(self.get_argument("session_id", "")):
            raise HTTPError(400)
        kernels: Any = self.kernel_manager
        if not kernels.answers(self.kernel_id):
            raise HTTPError(404)
        self._beside = kernels.handlers.setdefault(self.kernel_id, set())
        if len(self._beside) >= _MOST_LINES:
            raise HTTPError(429)
        self._beside.add(self)
        await super().pre_get()

    def on_close(self) -> None:
        """Hang up, if there ever was a connection."""
        self._make_way()
        if getattr(self, "connection", None) is not None:
            super().on_close()

    def on_connection_close(self) -> None:
        """Make way for another line, also where the page left before it was open."""
        self._make_way()
        super().on_connection_close()

    def on_finish(self) -> None:
        """Make way for another line, where this one was not opened."""
        if self.get_status() != _SWITCHED:
            self._make_way()

    def _make_way(self) -> None:
        getattr(self, "_beside", set()).discard(self)


class Channels(ZMQChannelsWebsocketConnection):
    """Hands on what ``messages`` accepts, and hides what went wrong."""

    _refused = 0
    _connected = False

    @property
    def subprotocol(self) -> str | None:
        """The protocol that was agreed, also when the websocket has just gone.

        Without it a late message would be read as one of the old protocol.
        """
        return PROTOCOL if self._connected else super().subprotocol

    async def connect(self) -> None:  # type: ignore[override]
        """Refuse the old protocol, whose binary messages make the whole server hang."""
        if self.subprotocol != PROTOCOL:
            self.websocket_handler.close(OLD_PROTOCOL, "protocol not supported")
            return
        self._meter = Meter(*_MESSAGES)
        self._connected = True
        self.multi_kernel_manager.lines.setdefault(self.kernel_id, set()).add(self)
        if connected := super().connect():
            await connected

    def disconnect(self) -> None:  # type: ignore[override]
        """Leave only where there was a connection."""
        if not self._connected:
            return
        self._connected = False
        lines = self.multi_kernel_manager.lines
        lines.get(self.kernel_id, set()).discard(self)
        if not lines.get(self.kernel_id):
            lines.pop(self.kernel_id, None)
        super().disconnect()
        if self.websocket_handler.close_code == _PAGE_CLOSED:  # it will not be back
            self.multi_kernel_manager.end_soon(self.kernel_id, 0)

    def hang_up(self, code: int) -> None:
        """Close the websocket with a code that the page has words for."""
        self.websocket_handler.close(code)

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Hand on a message that a page of ours would send; drop any other."""
        if not self._connected:
            return
        try:
            messages.accept(incoming_msg, self.multi_kernel_manager.rules)
        except messages.Refused as why:
            self._refuse(str(why))
            return
        if not self._meter.allows(""):
            self._refuse("more messages than a hand can send")
            return
        super().handle_incoming_message(incoming_msg)

    def _refuse(self, why: str) -> None:
        """Drop a message; hang up on who sends nothing else."""
        self._refused += 1
        self.log.debug("A message of a page was refused: %s.", why)
        if self._refused > _MOST_REFUSED:
            self.hang_up(TOO_MUCH)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """Send to the page, which may have gone a moment ago."""
        try:
            return self.websocket_handler.write_message(message, binary)
        except WebSocketClosedError:
            return None

    def on_kernel_restarted(self) -> None:
        """Tell the page: the new kernel knows nothing of it, so it is ended too."""
        self.hang_up(KERNEL_DIED)
        self.multi_kernel_manager.doom(self.kernel_id)

    def on_restart_failed(self) -> None:
        """Tell the page that nothing answers any more."""
        self.hang_up(KERNEL_DIED)

    def _on_error(self, channel: str, _message: object, msg_list: list[bytes]) -> None:
        """Write a kernel's error to the terminal, and send one sentence to the page."""
        kind = self.get_part("header", None, msg_list)["msg_type"]
        if kind == "stream":
            content = self.get_part("content", None, msg_list)
            self.log.info("%s", str(content.get("text", "")).rstrip())
            msg_list[3] = self.session.pack({"name": "stdout", "text": ""})
        elif kind == "error" or (channel != "iopub" and b'"traceback"' in msg_list[3]):
            content = self.get_part("content", None, msg_list)
            self.log.error("%s", "\n".join(content.get("traceback", ())))
            said = {"ename": "Error", "evalue": FAILED, "traceback": [FAILED]}
            status = {"status": "error"} if channel != "iopub" else {}
            msg_list[3] = self.session.pack({**status, **said})
