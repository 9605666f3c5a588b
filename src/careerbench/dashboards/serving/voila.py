"""Voilà as careerbench runs it: one notebook, and no handler but those that its page needs."""

from __future__ import annotations

import re
import secrets
import shutil
import signal
import sys
import threading
import webbrowser
from contextlib import contextmanager
from dataclasses import dataclass, field
from logging import ERROR, WARNING, getLogger
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from jinja2 import DictLoader, Environment
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.base.handlers import FileFindHandler
from jupyterlab_server.themes_handler import ThemesHandler
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from traitlets.config import Config
from voila.app import Voila
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler

from careerbench.dashboards.serving.channels import FAILED, Channels, Line
from careerbench.dashboards.serving.door import Door, OpenDoor
from careerbench.dashboards.serving.gate import HEADERS, Gate
from careerbench.dashboards.serving.kernels import Kernels, ThisPython
from careerbench.dashboards.serving.limits import LARGEST_BODY, LARGEST_MESSAGE, Limits
from careerbench.dashboards.serving.live import Goodbye, KernelState, LivePage, LivePages, new_meter
from careerbench.dashboards.serving.messages import Rules

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator, Mapping

    from tornado.web import RequestHandler

_TEMPLATES = Path(__file__).parents[1] / "templates" / "voila"
_EXTENSIONS = [
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
]
_CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' blob:",  # inline: the template; blob: anywidget
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
_SOCKET_FOLDER = 36  # what a socket's path, 103 characters at most, leaves for the folder
_KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
_NOTICE_SECONDS = 1.0  # until a page is told that its kernel has died
_LOCAL_NAMES = frozenset({"localhost"})
_HEADER_BYTES, _IDLE_SECONDS, _BODY_SECONDS = 16_384, 60, 10


@dataclass(frozen=True)
class Setup:
    """What is served, to whom, and how.

    Attributes
    ----------
    notebook : Path
        The notebook that each live page runs.
    listener : socket
        Where requests come in; it listens already.
    environment : mapping of str to str
        The whole environment of a kernel.
    announce : callable
        Called with the page's address when the server is about to answer.
    base_url : str
        The path of the front page, with a slash at both ends.
    front : tuple
        Handlers besides the notebook's, which then lies below ``live/``.
    names : frozenset of str
        Names by which browsers reach the server, besides this machine's own.
    proxied : bool
        Whether a proxy on this machine says where requests come from.
    before : callable
        Called last, before the first request is answered.
    folder : Path
        Where the files are made that tell how to reach a kernel.
    """

    notebook: Path
    listener: socket.socket
    environment: Mapping[str, str]
    announce: Callable[[str], None]
    open_browser: bool = False
    base_url: str = "/"
    front: tuple[tuple[str, type[RequestHandler], dict[str, Any]], ...] = ()
    door: Door = field(default_factory=OpenDoor)
    names: frozenset[str] = frozenset()
    proxied: bool = False
    rules: Rules = field(default_factory=Rules)
    limits: Limits = field(default_factory=Limits)
    before: Callable[[], None] = lambda: None
    folder: Path = field(default_factory=lambda: Path(gettempdir()))

    @property
    def by_file(self) -> bool:
        """Whether kernels are reached by sockets that are files: nobody else can listen in."""
        return sys.platform != "win32" and len(str(self.folder)) < _SOCKET_FOLDER

    @property
    def live_url(self) -> str:
        """The path of the notebook's page."""
        return f"{self.base_url}live/" if self.front else self.base_url


def settings(setup: Setup) -> Config:
    """Return Voilà's settings for one notebook; users' own settings files are not read."""
    config = Config()
    config.Voila.notebook_path = str(setup.notebook)
    config.Voila.base_url = setup.live_url
    config.Voila.config_file_paths = []
    config.Voila.log_level = WARNING
    config.Voila.identity_provider_class = _Visitor
    config.Voila.kernel_websocket_connection_class = Channels
    config.Voila.tornado_settings = {
        "headers": {**HEADERS, "Content-Security-Policy": _CONTENT_POLICY},
        "disable_check_xsrf": True,  # the gate asks for more: that our own page sends it
        "xsrf_cookie_kwargs": {"httponly": True, "samesite": "Strict"},
        "websocket_max_message_size": LARGEST_MESSAGE,
        "log_function": _log_nothing,
        "serve_traceback": False,
    }
    config.VoilaConfiguration.update(
        strip_sources=True,
        show_tracebacks=False,
        file_allowlist=[],
        file_denylist=[".*"],
        allow_template_override="NO",
        allow_theme_override="NO",
        extension_allowlist=_EXTENSIONS,
        extension_denylist=[],
        kernel_spec_manager_class=ThisPython,
        multi_kernel_manager_class=Kernels,
    )
    config.VoilaExecutor.cell_error_instruction = FAILED
    config.KernelRestarter.time_to_dead = _NOTICE_SECONDS
    idle = setup.limits.idle_seconds
    config.MappingKernelManager.update(
        cull_idle_timeout=idle, cull_interval=max(1, min(60, idle // 3)), cull_connected=True
    )
    config.NotebookNotary.update(  # nothing of it is read or kept anywhere
        db_file=":memory:", data_dir=str(setup.folder), secret=secrets.token_bytes(32)
    )
    config.Voila.connection_dir_root = str(setup.folder)
    if setup.by_file:
        config.KernelManager.transport = "ipc"
    return config


def run(setup: Setup) -> int:
    """Serve one notebook on a listening socket until a signal asks to stop."""
    # the one instance: the parts of Voilà look it up to find the log
    server = NotebookServer.instance(config=settings(setup))
    try:
        with _signals_kept():
            server.serve(setup)
    finally:
        NotebookServer.clear_instance()
    return 0


class NotebookServer(Voila):
    """Voilà on a socket that is already listening, behind a gate."""

    setup: Setup
    pages: LivePages
    template_paths: Any
    kernel_manager: Any

    def serve(self, setup: Setup) -> None:
        """Answer requests until a signal asks to stop, then end every kernel."""
        self.setup = setup
        self.notebook_name = setup.notebook.name
        self.ip, self.port = setup.listener.getsockname()[:2]
        self.open_browser = setup.open_browser
        getLogger("tornado.general").setLevel(ERROR)  # refusals, and a note on its own settings
        getLogger("tornado.access").setLevel(ERROR)
        self.initialize([])
        self.start()

    def setup_template_dirs(self) -> None:
        """Let careerbench's page stand before Voilà's own."""
        super().setup_template_dirs()
        self.template_paths = [str(_TEMPLATES), *self.template_paths]

    def init_settings(self) -> dict[str, Any]:
        """Keep quiet that the notebook is not signed, and tell the kernels their rules."""
        found: dict[str, Any] = super().init_settings()
        self.contents_manager.log = self.log.getChild("files")
        self.contents_manager.log.setLevel(ERROR)
        self.kernel_manager.environment = dict(self.setup.environment)
        self.kernel_manager.rules = self.setup.rules
        self.kernel_manager.grace_seconds = self.setup.limits.grace_seconds
        self.pages = LivePages(self, self.setup.limits)
        # errors get their words at the gate, which also knows the names better
        nothing = Environment(loader=DictLoader({"error.html": ""}), autoescape=True)
        return {**found, "allow_remote_access": True, "jinja2_env": nothing}

    def init_handlers(self) -> list[Any]:
        """Return the handlers that a page needs: Voilà's others are not there at all."""
        here = re.escape(self.base_url)
        front_url = self.setup.base_url if self.setup.front else ""
        live = {"pages": self.pages, "front_url": front_url, "meter": new_meter()}
        extensions = {"path": self.labextensions_path}
        themes = {
            "themes_url": f"{self.base_url}voila/api/themes",
            "path": self.themes_dir,
            "labextensions_path": self.labextensions_path,
        }
        return [
            *self.setup.front,
            (here, LivePage, live),
            (f"{here}api/kernels/{_KERNEL}", KernelState),
            (f"{here}api/kernels/{_KERNEL}/channels", Line),
            (f"{here}voila/api/shutdown/{_KERNEL}", Goodbye),
            (f"{here}voila/templates/(\\w+/static/.+)", TemplateStaticFileHandler),
            (f"{here}voila/static/(.+)", MultiStaticFileHandler, {"paths": self.static_paths}),
            (f"{here}voila/api/themes/(.+)", ThemesHandler, themes),
            (f"{here}voila/labextensions/(.+)", FileFindHandler, extensions),
        ]

    def listen(self) -> None:
        """Answer on the socket, and hold this thread until the loop is stopped."""
        setup = self.setup
        anywhere = self.ip not in {"127.0.0.1", "::1"}
        names = _LOCAL_NAMES | setup.names
        gate = Gate(self.app, setup.door, names, base_url=setup.base_url, anywhere=anywhere)
        server = HTTPServer(
            gate,
            xheaders=setup.proxied,
            max_header_size=_HEADER_BYTES,
            max_body_size=LARGEST_BODY,
            idle_connection_timeout=_IDLE_SECONDS,
            body_timeout=_BODY_SECONDS,
        )
        server.add_socket(setup.listener)
        self.ioloop = IOLoop.current()
        for number in _stop_signals():
            signal.signal(number, self._handle_signal_stop)
        if sys.platform == "win32":  # a sleeping loop does not notice Ctrl-C there
            PeriodicCallback(lambda: None, 250).start()
        self._welcome()
        self.ioloop.add_callback(self.pages.fill)
        try:
            self.ioloop.start()
        finally:
            server.stop()
            self.stop()

    def stop(self) -> None:
        """End every kernel, and remove the files that told how to reach it."""
        self.ioloop.run_sync(lambda: self.kernel_manager.shutdown_all(now=True))
        shutil.rmtree(self.connection_dir, ignore_errors=True)

    def _welcome(self) -> None:
        """Say where the page is: from here on requests wait in line, and none is refused."""
        host = f"[{self.ip}]" if ":" in self.ip else self.ip
        shown = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104
        address = f"http://{shown}:{self.port}{self.setup.base_url}"
        if self.open_browser:
            threading.Thread(target=webbrowser.open, args=(address, 2), daemon=True).start()
        self.setup.before()
        self.ioloop.add_callback(self.setup.announce, address)


class _Visitor(IdentityProvider):
    """Whoever the gate has let in; no cookie is needed for that."""

    parent: NotebookServer

    async def get_user(self, handler: Any) -> User | None:
        """Ask the door once more, so that no handler rests on the gate alone."""
        name = self.parent.setup.door.who(handler.request)
        return User(name) if name else None


def _log_nothing(_handler: RequestHandler) -> None:
    """Leave requests unlogged; what fails is logged where it fails."""


def _stop_signals() -> list[signal.Signals]:
    """List the signals that ask a server to stop on this platform."""
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Put the signal handlers back as they were."""
    before = {number: signal.getsignal(number) for number in _stop_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
