"""Documents that are the same for everybody: made once, compressed once, sent to who lacks them."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tornado.web import RequestHandler

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Document:
    """Bytes to hand out, with what they are.

    Attributes
    ----------
    content, packed : bytes
        As they are, and compressed.
    kind : str
        The media type.
    policy : str
        The Content-Security-Policy; "" for the server's own.
    file_name : str
        The name under which a browser saves it; "" where it shows it.
    """

    content: bytes = field(repr=False)
    packed: bytes = field(repr=False)
    kind: str
    policy: str = ""
    file_name: str = ""

    @property
    def etag(self) -> str:
        """A mark that changes with the content."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'


def document(content: bytes, kind: str, *, policy: str = "", file_name: str = "") -> Document:
    """Make a document, compressed once for everybody."""
    return Document(content, gzip.compress(content, 6, mtime=0), kind, policy, file_name)


class Shelf:
    """A document that is made when first asked for, once for everybody.

    Parameters
    ----------
    make : callable
        Returns the document; it runs beside the server.
    """

    def __init__(self, make: Callable[[], Document]) -> None:
        self._make = make
        self._made: asyncio.Future[Document] | None = None

    async def take(self) -> Document:
        """Return the document."""
        if self._made is None or (self._made.done() and self._made.exception()):
            loop = asyncio.get_running_loop()
            self._made = loop.run_in_executor(None, self._make)
        return await asyncio.shield(self._made)


class DocumentPage(RequestHandler):
    """Hands out one document, to whoever does not have it yet."""

    def initialize(self, shelf: Shelf) -> None:
        """Remember where it lies."""
        self._shelf = shelf

    async def get(self) -> None:
        """Send it whole, or say that it has not changed."""
        found = await self._shelf.take()
        self._etag = found.etag
        self.set_header("Content-Type", found.kind)
        self.set_header("Vary", "Accept-Encoding, Cookie")
        if found.policy:
            self.set_header("Content-Security-Policy", found.policy)
        if found.file_name:
            self.set_header("Content-Disposition", f'attachment; filename="{found.file_name}"')
        self.set_etag_header()
        if self.check_etag_header():
            self.set_status(304)
            return
        packs = "gzip" in self.request.headers.get("Accept-Encoding", "")
        if packs:
            self.set_header("Content-Encoding", "gzip")
        self.write(found.packed if packs else found.content)

    head = get

    def compute_etag(self) -> str:
        """Return the document's mark; compression does not change what it says."""
        return self._etag
