"""Voilà as careerbench runs it: one notebook, one machine, nothing handed out beside it."""

import shutil
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging import ERROR, WARNING, getLogger
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from ipykernel.kernelspec import RESOURCES
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.auth.identity import PasswordIdentityProvider, User
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.web import RequestHandler
from traitlets.config import Config
from voila.app import Voila
from voila.handler import VoilaHandler

_TEMPLATES = Path(__file__).with_name("templates") / "voila"
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
        "frame-ancestors 'self'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
_SOCKET_FOLDER = 36  # what a socket's path, 103 characters at most, leaves for the folder
_PROTOCOL = "v1.kernel.websocket.jupyter.org"
_FAILED = "Something went wrong on this page. The terminal it was started from says more."


def settings(notebook: Path) -> Config:
    """Return Voilà's settings for one notebook; users' own settings files are not read."""
    config = Config()
    config.Voila.notebook_path = str(notebook)
    config.Voila.config_file_paths = []
    config.Voila.log_level = WARNING
    config.Voila.identity_provider_class = _Visitor
    config.Voila.kernel_websocket_connection_class = _Channels
    config.Voila.tornado_settings = {
        "headers": {
            "Content-Security-Policy": _CONTENT_POLICY,
            "Referrer-Policy": "no-referrer",
        },
        "allow_remote_access": False,  # a page elsewhere cannot rename itself into this one
        "log_function": _log_nothing,
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
        kernel_spec_manager_class=_ThisPython,
        multi_kernel_manager_class=_Kernels,
    )
    config.VoilaExecutor.cell_error_instruction = _FAILED
    config.MappingKernelManager.update(cull_idle_timeout=900, cull_interval=60)
    config.NotebookNotary.db_file = ":memory:"
    if sys.platform != "win32" and len(gettempdir()) < _SOCKET_FOLDER:
        config.KernelManager.transport = "ipc"  # nobody else on this machine can listen in
    return config


def run(
    notebook: Path,
    listener: socket.socket,
    *,
    environment: dict[str, str],
    announce: Callable[[str], None],
    open_browser: bool,
) -> int:
    """Serve one notebook on a listening socket until a signal asks to stop."""
    # the one instance: the parts of Voilà look it up to find the log
    server = NotebookServer.instance(config=settings(notebook))
    try:
        with _signals_kept():
            server.serve(
                listener, environment=environment, announce=announce, open_browser=open_browser
            )
    finally:
        NotebookServer.clear_instance()
    return 0


class NotebookServer(Voila):
    """Voilà on a socket that is already listening."""

    environment: dict[str, str]
    template_paths: Any
    _listener: socket.socket
    _announce: Callable[[str], None]

    def serve(
        self,
        listener: socket.socket,
        *,
        environment: dict[str, str],
        announce: Callable[[str], None],
        open_browser: bool,
    ) -> None:
        """Answer requests until a signal asks to stop, then end every kernel."""
        self.environment, self._listener, self._announce = environment, listener, announce
        self.ip, self.port = listener.getsockname()
        self.open_browser = open_browser
        getLogger("tornado.general").setLevel(ERROR)  # refusals, and a note on its own settings
        self.initialize([])
        self.start()

    def setup_template_dirs(self) -> None:
        """Let careerbench's page stand before Voilà's own."""
        super().setup_template_dirs()
        self.template_paths = [str(_TEMPLATES), *self.template_paths]

    def init_settings(self) -> dict[str, Any]:
        """Keep quiet that the notebook is not signed: it is the user's own."""
        found: dict[str, Any] = super().init_settings()
        self.contents_manager.log = self.log.getChild("files")
        self.contents_manager.log.setLevel(ERROR)
        return found

    def listen(self) -> None:
        """Answer on the socket, and hold this thread until the loop is stopped."""
        server = HTTPServer(self.app)
        server.add_socket(self._listener)
        self.ioloop = IOLoop.current()
        for number in _stop_signals():
            signal.signal(number, self._handle_signal_stop)
        if sys.platform == "win32":  # a sleeping loop does not notice Ctrl-C there
            PeriodicCallback(lambda: None, 250).start()
        self.ioloop.add_callback(self._welcome)
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
        """Say where the page is, now that it answers."""
        self._announce(self.connection_url)
        if self.open_browser:
            arguments = (self.connection_url, 2)
            threading.Thread(target=webbrowser.open, args=arguments, daemon=True).start()


class _Kernels(AsyncMappingKernelManager):
    """Kernels that know what the caller wanted them to know."""

    parent: NotebookServer

    async def start_kernel(self, **options: Any) -> str:  # type: ignore[override]
        """Start a kernel with the caller's variables."""
        options["env"] = {**options.get("env", {}), **self.parent.environment}
        return await super().start_kernel(**options)


class _ThisPython(KernelSpecManager):
    """One kernel: the interpreter that runs this server, whatever is installed elsewhere."""

    def find_kernel_specs(self) -> dict[str, str]:
        return {"python3": RESOURCES}

    def get_kernel_spec(self, kernel_name: str) -> Any:  # noqa: ARG002
        spec = self._get_kernel_spec_by_name("python3", RESOURCES)
        spec.argv = [*spec.argv, f"--IPKernelApp.log_level={ERROR}"]
        return spec


class _Visitor(PasswordIdentityProvider):
    """Anyone on this machine, with the cookie that lets the page end its own kernel."""

    async def get_user(self, handler: RequestHandler) -> User | None:
        """Hand the page its cookie, without which Voilà refuses the page's good-bye."""
        user = await self._get_user(handler)
        if user and isinstance(handler, VoilaHandler):
            handler.current_user = user
            _ = handler.xsrf_token  # reading it sets the cookie
        return user


class _Channels(ZMQChannelsWebsocketConnection):
    """A page's line to its kernel, without the old protocol and without tracebacks."""

    async def connect(self) -> None:  # type: ignore[override]
        """Refuse the old protocol, whose binary messages make the whole server hang."""
        if self.subprotocol != _PROTOCOL:
            self.websocket_handler.close(4400, "protocol not supported")
        elif connected := super().connect():
            await connected

    def disconnect(self) -> None:  # type: ignore[override]
        """Leave only where there was a connection."""
        if self.channels:
            super().disconnect()

    def _on_error(self, channel: str, _message: object, msg_list: list[bytes]) -> None:
        """Write a kernel's error to the terminal, and send one sentence to the page."""
        if channel != "iopub" or self.get_part("header", None, msg_list)["msg_type"] != "error":
            return
        content = self.get_part("content", None, msg_list)
        self.log.error("%s", "\n".join(content.get("traceback", ())))
        msg_list[3] = self.session.pack(
            {"ename": "Error", "evalue": _FAILED, "traceback": [_FAILED]}
        )


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
