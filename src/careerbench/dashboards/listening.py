"""A socket that listens where a dashboard is to be found."""

import errno
import ipaddress
import logging
import socket
import sys

from careerbench.errors import BadArgumentError

HOST = "127.0.0.1"
HIGHEST_PORT = 65_535
_PORTS_TRIED = 50
_TAKEN = (errno.EADDRINUSE, errno.EACCES)

_log = logging.getLogger(__name__)


def is_this_machine(address: str) -> bool:
    """Say whether only this machine can reach an address.

    Raises
    ------
    BadArgumentError
        If it is no address.

    Examples
    --------
    >>> is_this_machine("127.0.0.1"), is_this_machine("0.0.0.0")
    (True, False)
    """
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError as error:
        raise BadArgumentError(
            "dashboard: the address to listen on is a number, not a name.",
            found=repr(address),
            hint=f"{HOST}, or 0.0.0.0 for every address of this machine",
        ) from error


def listen(port: int, address: str = HOST) -> socket.socket:
    """Listen on the port, or on the next that is free, and say so.

    Raises
    ------
    BadArgumentError
        If the port is not a number from 0 to 65535, no port near it is free, or the address is
        not one of this machine's.
    """
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= HIGHEST_PORT:
        raise BadArgumentError(
            "dashboard: port must be a whole number from 0 to 65535.",
            found=repr(port),
            hint="port=8866",
        )
    for candidate in range(port, min(port + _PORTS_TRIED, HIGHEST_PORT + 1)):
        listener = _bound(candidate, address)
        if listener:
            if candidate != port:
                _log.warning("Port %d is busy: the dashboard is on port %d.", port, candidate)
            return listener
    raise BadArgumentError(
        f"dashboard: no port is free from {port} on.",
        found=f"{_PORTS_TRIED} busy ports",
        hint="port=0, which takes any free port",
    )


def _bound(port: int, address: str) -> socket.socket | None:
    """Open a listening socket, or None where the port is taken."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":  # where it would let two servers share a port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        if error.errno in _TAKEN:
            return None
        raise BadArgumentError(
            f"dashboard: '{address}' cannot be listened on.",
            found=error.strerror or type(error).__name__,
            hint=f"{HOST}, or another address of this machine",
        ) from error
    listener.setblocking(False)
    return listener
