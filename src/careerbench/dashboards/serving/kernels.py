"""Kernels for pages: so many and no more, with a clean environment, gone when their page goes."""

from __future__ import annotations

import os
import site
import sys
from logging import ERROR
from typing import TYPE_CHECKING, Any

from ipykernel.kernelspec import RESOURCES
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import IOLoop

from careerbench.dashboards.serving.channels import KERNEL_IDLE, Channels
from careerbench.dashboards.serving.messages import Rules

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_KEPT = {
    "PATH", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHASHSEED",
    "SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "NUMBER_OF_PROCESSORS",
    "COVERAGE_PROCESS_START", "PYTHONDONTWRITEBYTECODE",
}  # fmt: skip
_GOODBYE = 1000
_RESTART_SECONDS = 1.0


class Kernels(AsyncMappingKernelManager):
    """Starts kernels, and ends each when its page is closed, idle or never came."""

    environment: dict[str, str]
    rules = Rules()
    grace_seconds = 30.0

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.lines: dict[str, set[Channels]] = {}
        self.handlers: dict[str, set[Any]] = {}
        self.kept: set[str] = set()
        self._codes: dict[str, int] = {}
        self.doomed: set[str] = set()
        self._waiting: dict[str, object] = {}

    async def start_kernel(self, **options: Any) -> str:  # type: ignore[override]
        """Start a kernel that knows what it was meant to know, and nothing else."""
        options["env"] = self.environment
        return await super().start_kernel(**options)

    def end_soon(self, kernel_id: str, seconds: float) -> None:
        """End a kernel in so many seconds, unless a page connects to it before."""
        self._stay(kernel_id)
        loop = IOLoop.current()
        self._waiting[kernel_id] = loop.call_later(
            seconds, lambda: loop.add_callback(self.end, kernel_id)
        )

    def doom(self, kernel_id: str) -> None:
        """End a kernel that has lost its memory; no page may connect to it any more."""
        self.doomed.add(kernel_id)
        self.end_soon(kernel_id, _RESTART_SECONDS)

    def answers(self, kernel_id: str) -> bool:
        """Say whether a page may connect to a kernel."""
        return kernel_id in self and kernel_id not in self.doomed

    async def end(self, kernel_id: str) -> None:
        """End a kernel now, if it is still there; one that is just starting, when it has."""
        self._stay(kernel_id)
        if kernel_id not in self:
            return
        if not self.get_kernel(kernel_id).ready.done():
            self.end_soon(kernel_id, _RESTART_SECONDS)
            return
        self.doomed.add(kernel_id)
        try:
            await self.shutdown_kernel(kernel_id, now=True)
        finally:
            self.doomed.discard(kernel_id)

    async def shutdown_kernel(self, kernel_id: str, *options: Any, **more: Any) -> None:  # type: ignore[override]
        """End a kernel, and tell its pages why nothing will answer."""
        self._stay(kernel_id)
        self.kept.discard(kernel_id)
        self.handlers.pop(kernel_id, None)
        for line in tuple(self.lines.get(kernel_id, ())):
            line.hang_up(self._codes.get(kernel_id, _GOODBYE))
        await super().shutdown_kernel(kernel_id, *options, **more)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel that nobody has used for long, but none that waits for its first page."""
        if kernel_id in self.kept:
            return
        self._codes[kernel_id] = KERNEL_IDLE
        try:
            await super().cull_kernel_if_idle(kernel_id)
        finally:
            del self._codes[kernel_id]

    def notify_connect(self, kernel_id: str) -> None:
        """Keep a kernel whose page has come, or come back."""
        super().notify_connect(kernel_id)
        if kernel_id not in self.doomed:
            self._stay(kernel_id)

    def notify_disconnect(self, kernel_id: str) -> None:
        """Wait a little for a page that has gone; it may only have lost its line."""
        super().notify_disconnect(kernel_id)
        if not self._kernel_connections.get(kernel_id) and kernel_id in self:
            self.end_soon(kernel_id, self.grace_seconds)

    def _stay(self, kernel_id: str) -> None:
        timer = self._waiting.pop(kernel_id, None)
        if timer is not None:
            IOLoop.current().remove_timeout(timer)


class ThisPython(KernelSpecManager):
    """One kernel: the interpreter that runs this server, whatever is installed elsewhere.

    What a cell ends with is not shown: only what it displays on purpose.
    """

    def find_kernel_specs(self) -> dict[str, str]:
        """Return the one kernel there is."""
        return {"python3": RESOURCES}

    def get_kernel_spec(self, kernel_name: str) -> Any:  # noqa: ARG002
        """Return it, whatever the notebook calls it."""
        spec = self._get_kernel_spec_by_name("python3", RESOURCES)
        spec.argv = [
            sys.executable,
            *("-m", "careerbench.dashboards.serving.light_kernel"),
            *("-f", "{connection_file}"),
            f"--IPKernelApp.log_level={ERROR}",
            "--InteractiveShell.ast_node_interactivity=none",
            "--HistoryManager.enabled=False",
        ]
        return spec


def clean_environment(home: Path, told: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that says nothing of where the server was started or by whom.

    Parameters
    ----------
    home : Path
        An empty folder that the kernel may write to.
    told : mapping of str to str
        What it is to know besides.
    """
    kept = {key: value for key, value in os.environ.items() if key in _KEPT or key[:3] == "LC_"}
    folders = ("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "IPYTHONDIR", "JUPYTER_CONFIG_DIR",
               "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR")  # fmt: skip
    safe = {"PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8", "MALLOC_ARENA_MAX": "1"}
    if site.ENABLE_USER_SITE:  # its place is told by the home that was replaced
        safe["PYTHONUSERBASE"] = site.getuserbase()
    if sys.platform == "win32":
        safe["APPDATA"] = str(home)
    return {**kept, **dict.fromkeys(folders, str(home)), **safe, **told}
