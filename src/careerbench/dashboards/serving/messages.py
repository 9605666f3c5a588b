"""What a page may say to its kernel. Everything else is refused, and nothing is guessed."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import Any

from careerbench.dashboards.serving.limits import LARGEST_MESSAGE

_PARTS = 4  # header, parent header, metadata, content; a picker has no buffers
_OFFSETS = _PARTS + 2  # where the channel starts, where each part starts, where the last one ends
_WORD = 8
_CHANNELS = {"kernel_info_request": {"shell", "control"}}
_TYPES = {
    "kernel_info_request",
    "comm_info_request",
    "comm_open",
    "comm_msg",
    "comm_close",
}
_CONTROL = "jupyter.widget.control"
_HEADER = {"msg_id", "msg_type", "session", "username", "date", "version", "subshell_id"}


@dataclass(frozen=True)
class Rules:
    """What the widgets of one dashboard listen to.

    Attributes
    ----------
    traits : frozenset of str
        Traits that a page may set.
    events : frozenset of str
        Events that a page may send, such as ``click``.
    """

    traits: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()


class Refused(Exception):  # noqa: N818
    """A message that goes no further, and why."""


def accept(message: object, rules: Rules) -> None:
    """Check one websocket message of the v1 protocol.

    Parameters
    ----------
    message : object
        What came in.
    rules : Rules
        What this dashboard's widgets listen to.

    Raises
    ------
    Refused
        With the reason, which names no value of the message.

    Notes
    -----
    JSON is read strictly: a key given twice is refused, because the kernel might take the other
    one. What passes is handed on byte by byte.
    """
    channel, parts = _split(message)
    header, parent, metadata, content = (_read(part) for part in parts)
    kind = header.get("msg_type")
    if not isinstance(kind, str) or kind not in _TYPES:
        raise Refused("a type of message that pages do not send")
    if set(header) - _HEADER or not all(_is_short(value) for value in header.values()):
        raise Refused("a header that is not plain")
    if header.get("subshell_id") or channel not in _CHANNELS.get(kind, {"shell"}):
        raise Refused("another channel than the page's")
    if len(parent) > len(_HEADER) or len(metadata) > len(_HEADER):
        raise Refused("more about the message than a page says")
    _check(kind, content, rules)


def _check(kind: str, content: dict[str, Any], rules: Rules) -> None:
    if kind == "comm_open" and content.get("target_name") != _CONTROL:
        raise Refused("a line to something else than the widgets")
    data = content.get("data")
    if kind == "comm_open" and data:
        raise Refused("data with the opening of a line")
    if kind == "comm_msg":
        _check_change(data if isinstance(data, dict) else {}, rules)


def _check_change(data: dict[str, Any], rules: Rules) -> None:
    method = data.get("method")
    if method in {"request_states", "request_state"}:
        return
    if method == "update":
        state, paths = data.get("state"), data.get("buffer_paths", [])
        if not isinstance(state, dict) or set(state) - rules.traits or paths:
            raise Refused("a trait that pages do not set")
    elif method == "custom":
        said = data.get("content")
        if not isinstance(said, dict) or said.get("event") not in rules.events:
            raise Refused("an event that pages do not send")
    else:
        raise Refused("a method that pages do not use")


def _split(message: object) -> tuple[str, list[bytes]]:
    """Take a message apart; its numbers are believed only where they fit its length."""
    if not isinstance(message, bytes) or len(message) > LARGEST_MESSAGE:
        raise Refused("not a message of the v1 protocol, or too long")
    words = [
        int.from_bytes(message[at : at + _WORD], "little")
        for at in range(0, _WORD * (_OFFSETS + 1), _WORD)
    ]
    count, *offsets = words
    start = _WORD * (_OFFSETS + 1)
    if count != _OFFSETS or offsets[0] != start or offsets[-1] != len(message):
        raise Refused("not a message of the v1 protocol, or with buffers")
    if sorted(offsets) != offsets:
        raise Refused("parts that overlap")
    pieces = [message[a:b] for a, b in itertools.pairwise(offsets)]
    return pieces[0].decode("utf-8", "replace"), pieces[1:]


def _read(part: bytes) -> dict[str, Any]:
    try:
        found = json.loads(part.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused("not JSON as it is written") from error
    if not isinstance(found, dict):
        raise Refused("JSON without names")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refused("a key given twice")
    return found


def _no_number(said: str) -> Any:
    raise Refused(f"{said}, which is no JSON")


def _is_short(value: object) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= 200)
