"""Pages with a kernel behind each: some ready before anybody comes, and a limit to all."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from jupyter_server.base.handlers import JupyterHandler
from tornado.ioloop import IOLoop
from tornado.web import HTTPError, authenticated
from voila.notebook_renderer import NotebookRenderer
from voila.utils import get_page_config

from careerbench.dashboards.serving import answers
from careerbench.dashboards.serving.gate import OWN_ANSWER
from careerbench.dashboards.serving.limits import Limits, Meter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_REFILL_SECONDS = 0.5
_NEW_PAGES = (40, 2)  # at once, a second: thirty people behind one proxy
_NOT_WHOLE = "A page could not be made ready."


class LivePages:
    """Pages of one notebook, each written with the kernel that will answer it.

    Parameters
    ----------
    server : Voila
        The server whose notebook it is.
    limits : Limits
        How many kernels there may be, and how many are kept ready.
    """

    def __init__(self, server: Any, limits: Limits) -> None:
        self._server, self._limits = server, limits
        self._ready: deque[tuple[str, list[str]]] = deque()
        self._making: set[str] = set()

    @property
    def kernels(self) -> Any:
        """What starts and ends kernels."""
        return self._server.kernel_manager

    def has_room(self) -> bool:
        """Say whether one more kernel may be started; one that is being ended takes no place."""
        taken = {*self.kernels.list_kernel_ids(), *self._making} - self.kernels.doomed
        return len(taken) < self._limits.most_kernels

    async def fill(self) -> None:
        """Make pages until enough are ready, or there is no room for more."""
        while len(self._ready) + len(self._making) < self._limits.ready_kernels and self.has_room():
            try:
                kernel_id, pieces = await self._started()
                self.kernels.kept.add(kernel_id)
                self._ready.append((kernel_id, [piece async for piece in pieces]))
            except Exception:  # a kernel that cannot be started is met by the next visitor
                self._server.log.exception(_NOT_WHOLE)
                return

    async def take(self) -> tuple[str, AsyncIterator[str]] | None:
        """Return a page with its kernel, or None where all kernels are taken."""
        while self._ready:
            kernel_id, pieces = self._ready.popleft()
            self.kernels.kept.discard(kernel_id)
            if kernel_id in self.kernels and await self.kernels.get_kernel(kernel_id).is_alive():
                return kernel_id, _each(pieces)
        return await self._started() if self.has_room() else None

    def given(self, kernel_id: str) -> None:
        """Await the page's connection, and make the next page ready."""
        if not self.kernels.lines.get(kernel_id):
            self.kernels.end_soon(kernel_id, self._limits.grace_seconds)
        IOLoop.current().call_later(_REFILL_SECONDS, self._refill)

    def _refill(self) -> None:
        IOLoop.current().add_callback(self.fill)

    async def _started(self) -> tuple[str, AsyncIterator[str]]:
        """Start a kernel; return it with the pieces of its page as they are made."""
        kernel_id = str(uuid4())
        self._making.add(kernel_id)
        try:
            renderer = self._renderer()
            await renderer.initialize()
            await self.kernels.start_kernel(kernel_id=kernel_id, kernel_name="python3", path="")
        finally:
            self._making.discard(kernel_id)
        made = renderer.generate_content_generator(kernel_id, self.kernels.get_kernel(kernel_id))
        return kernel_id, _words(made)

    def _renderer(self) -> NotebookRenderer:
        server = self._server
        shown = {
            "base_url": server.base_url,
            "settings": server.app.settings,
            "log": server.log,
            "voila_configuration": server.voila_configuration,
        }
        return NotebookRenderer(
            voila_configuration=server.voila_configuration,
            traitlet_config=server.config,
            notebook_path=server.notebook_name,
            template_paths=server.template_paths,
            config_manager=server.config_manager,
            contents_manager=server.contents_manager,
            base_url=server.base_url,
            kernel_spec_manager=server.kernel_spec_manager,
            page_config=get_page_config(**shown),
        )


class LivePage(JupyterHandler):
    """Sends a page as it is made; the page's own words say that it is being prepared."""

    def initialize(self, pages: LivePages, front_url: str, meter: Meter) -> None:
        """Remember where pages come from."""
        self._pages, self._front_url, self._meter = pages, front_url, meter

    def head(self) -> None:
        """Say that the server is there, without a page and its kernel."""

    @authenticated
    async def get(self) -> None:
        """Send a page with its kernel, or say that there is none left."""
        known = self._meter.allows(str(self.request.remote_ip))
        taken = await self._pages.take() if known else None
        if taken is None:
            self._say_busy()
            return
        kernel_id, pieces = taken
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")
        try:
            async for piece in pieces:
                self.write(piece)
                await self.flush()
        finally:  # also where the visitor has left before the page was whole
            self._pages.given(kernel_id)

    def _say_busy(self) -> None:
        base = str(self.settings["base_url"])
        front = bool(self._front_url)
        self.set_status(503)
        self.set_header("Retry-After", "30")
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Content-Security-Policy", answers.POLICY)
        self.set_header(OWN_ANSWER, "busy")
        self.finish(answers.busy_page(base_url=self._front_url or base, front=front))


class KernelState(JupyterHandler):
    """Says that a page's kernel is there, which its script asks before it connects."""

    @authenticated
    async def get(self, kernel_id: str) -> None:
        """Say what the page knows already, or that there is no such kernel."""
        kernels: Any = self.kernel_manager
        if not kernels.answers(kernel_id):
            raise HTTPError(404)
        self.set_header("Cache-Control", "no-store")
        kernel = kernels.get_kernel(kernel_id)
        state = {"id": kernel_id, "name": "python3", "connections": 0}
        state["execution_state"] = kernel.execution_state
        await self.finish(state)


class Goodbye(JupyterHandler):
    """Ends the kernel of a page that is being closed."""

    @authenticated
    async def post(self, kernel_id: str) -> None:
        """End it, and say nothing about whether it was there."""
        kernels: Any = self.kernel_manager
        await kernels.end(kernel_id)
        self.set_status(204)
        await self.finish()


def new_meter() -> Meter:
    """Return the meter of new pages, which cost more than anything else."""
    return Meter(*_NEW_PAGES)


async def _words(made: Any) -> AsyncIterator[str]:
    async for piece, _ in made:
        yield piece


async def _each(pieces: list[str]) -> AsyncIterator[str]:
    for piece in pieces:
        yield piece
