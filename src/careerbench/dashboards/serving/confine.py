"""Give up, for good, the right to open files that a dashboard has no business with (Linux)."""

from __future__ import annotations

import ctypes
import os
import site
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_VERSION, _BENEATH, _NO_NEW_PRIVILEGES = 1, 1, 38
_EXECUTE, _WRITE, _READ_FILE, _READ_FOLDER, _TRUNCATE = 1, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_REMOVE_FOLDER = 1 << 4
_NETWORK, _CONNECT = 4, 2  # the edition that knows the network, and what it forbids
_ALL = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}  # by the kernel's edition of Landlock
_OF_A_FILE = _EXECUTE | _WRITE | _READ_FILE | _TRUNCATE
_READ = _EXECUTE | _READ_FILE | _READ_FOLDER
_SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin", "/etc", "/proc", "/sys")


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64), ("handled_access_net", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def confine(
    readable: Iterable[Path], *, writable: Iterable[Path] = (), offline: bool = False
) -> bool:
    """Let this thread, and all it starts, open nothing but these folders from now on.

    Parameters
    ----------
    readable : iterable of Path
        Folders and files that may be read, besides the system's own.
    writable : iterable of Path
        Folders that may be read, written and removed.
    offline : bool, default False
        Whether no connection may be opened to anywhere (Linux 6.7 and newer). What listens
        already goes on.

    Returns
    -------
    bool
        Whether it took effect: only Linux 5.13 and newer, with Landlock switched on, can.

    Notes
    -----
    There is no way back, not even for root. Files that are open already stay so.
    """
    edition = _edition()
    if edition < 1:
        return False
    library = ctypes.CDLL(None, use_errno=True)
    everything = _ALL[min(edition, 3)]
    knows_network = edition >= _NETWORK
    rules = _Ruleset(everything, _CONNECT if offline and knows_network else 0)
    size = ctypes.sizeof(rules) if knows_network else ctypes.sizeof(ctypes.c_uint64)
    handle = library.syscall(_CREATE, ctypes.byref(rules), size, 0)
    if handle < 0:
        return False
    try:
        for path in (*map(Path, _SYSTEM), *readable):
            _allow(library, handle, path, _READ & everything)
        _allow(library, handle, Path("/dev"), _READ | _WRITE)
        for path in writable:
            _allow(library, handle, path, everything)
            _allow(library, handle, path.parent, _REMOVE_FOLDER & everything)
        library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return library.syscall(_RESTRICT, handle, 0) == 0
    finally:
        os.close(handle)


def is_possible() -> bool:
    """Say whether this machine can confine a process."""
    return _edition() > 0


def _edition() -> int:
    if not sys.platform.startswith("linux"):
        return 0
    return int(ctypes.CDLL(None, use_errno=True).syscall(_CREATE, None, 0, _VERSION))


def folders_of_python() -> list[Path]:
    """List the folders that Python, its packages and careerbench live in.

    The folder that the server was started in is not among them, though Python looks there.
    """
    known = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values()}
    if site.ENABLE_USER_SITE:
        known.add(site.getusersitepackages())
    known.add(str(Path(__file__).resolve().parents[3]))
    return [Path(folder) for folder in sorted(known) if Path(folder).exists()]


def _allow(library: ctypes.CDLL, handle: int, path: Path, access: int) -> None:
    """Add one folder or file to the rules; what is not there needs none."""
    try:
        descriptor = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
    except OSError:
        return
    try:
        allowed = access if path.is_dir() else access & _OF_A_FILE
        rule = _Beneath(allowed, descriptor)
        library.syscall(_ADD, handle, _BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)
