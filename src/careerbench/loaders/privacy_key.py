"""``StudyKey``: the secret with which pupils' numbers are made unrecognisable."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import NoReturn

import careerbench.errors as errors

KEY_FILE_VARIABLE = "CAREERBENCH_KEY_FILE"
_FIRST_LINE = "careerbench study key: keep it secret, keep a copy, never put it into a repository"
_N_BYTES = 32
_N_HEX = 20


class StudyKey:
    """The secret of one study; it is never shown, written or copied into a file.

    Parameters
    ----------
    secret : bytes
        At least 32 bytes; ``read_study_key`` reads them from a file.
    open_to_others : bool, default False
        Whether other accounts of the machine can read the file it came from.

    Examples
    --------
    >>> key = StudyKey(bytes(32))
    >>> key.hash("B801200005001") == StudyKey(bytes(32)).hash("B801200005001")
    True
    >>> key
    <StudyKey ffa6b53c>
    """

    __slots__ = ("__secret", "open_to_others")

    def __init__(self, secret: bytes, *, open_to_others: bool = False) -> None:
        if len(secret) < _N_BYTES:
            raise errors.BadArgumentError(
                f"study key: a key has {_N_BYTES} bytes or more.",
                found=f"{len(secret)} bytes",
                hint="loaders.make_study_key(path) makes one",
            )
        self.__secret = secret
        self.open_to_others = open_to_others

    def hash(self, word: str, *, what: str = "upn") -> str:
        """Turn an identifier into ``u`` and 20 hexadecimal digits, always the same for one key.

        HMAC-SHA256, cut to 80 bits: among ten million pupils two share one with a chance of about
        1 in 20 billion, and without the key nobody can try identifiers out.
        """
        said = f"careerbench/{what}:{word}".encode()
        return "u" + hmac.new(self.__secret, said, hashlib.sha256).hexdigest()[:_N_HEX]

    @property
    def fingerprint(self) -> str:
        """Eight digits by which two files can be seen to have used one key; they betray nothing."""
        return self.hash("", what="fingerprint")[1:9]

    def __repr__(self) -> str:
        return f"<StudyKey {self.fingerprint}>"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: a pickle would hold the secret."""
        raise errors.BadArgumentError(
            "study key: a key is not written into files or sent to other processes.",
            found=repr(self),
            hint="pass the path of the key file instead",
        )


def make_study_key(path: str | os.PathLike[str]) -> Path:
    """Make a new secret key for a study, in a file that only its owner can read.

    Parameters
    ----------
    path : str or path
        The file to write. Keep it outside the folder that is passed around, and keep a copy: with
        another key the same pupil gets another number.

    Returns
    -------
    Path
        The file, with permissions 0600 where the system knows them.

    Raises
    ------
    BadArgumentError
        If the file is there already (a key is never overwritten), or cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     key = read_study_key(make_study_key(Path(folder, "study.key")))
    >>> len(key.hash("B801200005001"))
    21
    """
    file = Path(path)
    said = f"{_FIRST_LINE}\n{secrets.token_hex(_N_BYTES)}\n"
    try:
        place = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise errors.BadArgumentError(
            f"make_study_key: '{file.name}' cannot be made.",
            found=error.strerror or type(error).__name__,
            hint="a new file in a folder that you may write to; a key is never overwritten",
        ) from None
    with os.fdopen(place, "w", encoding="ascii", newline="\n") as opened:
        opened.write(said)
    return file


def read_study_key(path: str | os.PathLike[str]) -> StudyKey:
    """Read the key file of a study.

    Raises
    ------
    ReadError
        If the file is not there or holds no key. The message never shows what it holds.
    """
    file = Path(path)
    try:
        lines = file.read_bytes()[:4096].decode("ascii").split("\n")
        secret = bytes.fromhex(next(line for line in reversed(lines) if line.strip()))
        loose = os.name == "posix" and bool(file.stat().st_mode & 0o077)
    except OSError as error:
        raise errors.ReadError(
            f"study key: '{file.name}' cannot be read.",
            found=error.strerror or type(error).__name__,
            hint=f'loaders.make_study_key("{file.name}") makes a key',
        ) from None
    except (ValueError, StopIteration):
        raise _no_key(file.name) from None
    if len(secret) < _N_BYTES:
        raise _no_key(file.name)
    return StudyKey(secret, open_to_others=loose)


def find_study_key(key: StudyKey | str | os.PathLike[str] | None) -> StudyKey | None:
    """Return the key given, the one in the file given, or the one the environment names."""
    if isinstance(key, StudyKey):
        return key
    named = key if key is not None else os.environ.get(KEY_FILE_VARIABLE)
    return read_study_key(named) if named else None


def require_study_key(key: StudyKey | None, *, step: str, file: str, columns: str) -> StudyKey:
    """Refuse pupil numbers without a key, and say how to make one."""
    if key is None:
        raise errors.BadArgumentError(
            f"{step}: '{file}' holds unique pupil numbers, and there is no key to replace them.",
            found=f"pupil numbers in {columns}",
            hint='make a key once with loaders.make_study_key("study.key"), then pass key='
            f'"study.key", name it in study.toml (key_file = "study.key"), or set '
            f"{KEY_FILE_VARIABLE}",
        )
    return key


def _no_key(name: str) -> errors.ReadError:
    return errors.ReadError(
        f"study key: '{name}' holds no key.",
        found="something else",
        hint="a file that loaders.make_study_key wrote; its last line is 64 hexadecimal digits",
    )
