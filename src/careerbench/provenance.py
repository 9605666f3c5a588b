"""``Source``: the document a fact, or the file a table, can be traced to."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Source:
    """Where something came from, and what was decided while reading it.

    Attributes
    ----------
    title : str
        Name of the document or file (never the folder it lay in).
    publisher, url, accessed : str
        For documents: who published it, where, and when it was read; empty for files.
    sha256 : str
        Fingerprint of the file's bytes; empty for documents.
    decisions : tuple of str
        What the reader decided (encoding, header row, rows passed over) and why, in words.

    Examples
    --------
    >>> source = Source("audits.csv", decisions=("encoding utf-8",))
    >>> Source.from_json(source.to_json()) == source
    True
    """

    title: str
    publisher: str = ""
    url: str = ""
    accessed: str = ""
    sha256: str = ""
    decisions: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [self.title, self.publisher, self.url]
        said = ", ".join(part for part in parts if part)
        return f"{said} (read {self.accessed})" if self.accessed else said

    def to_json(self) -> str:
        """Write the source as text that survives files and frame attributes."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, said: str) -> Self:
        """Read what ``to_json`` wrote."""
        fields = json.loads(said)
        return cls(**{**fields, "decisions": tuple(fields["decisions"])})

    @classmethod
    def of_document(cls, said: Mapping[str, object]) -> Self:
        """Read the ``[source]`` table of a TOML file."""
        title, publisher, url, accessed = (
            str(said.get(key, "")) for key in ("title", "publisher", "url", "accessed")
        )
        return cls(title=title, publisher=publisher, url=url, accessed=accessed)
