"""A dashboard that really runs, and clients that do what no browser would."""

import asyncio
import contextlib
import dataclasses
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[3]
PROTOCOL = "v1.kernel.websocket.jupyter.org"
PROGRAM = """
import json, sys
from pathlib import Path
from careerbench.dashboards.serving.limits import Limits
from careerbench.dashboards.share import Site, serve_release
if __name__ == "__main__":
    told = json.loads(sys.argv[2])
    site = Site(**{"port": 0, **told["site"], "names": frozenset(told["site"].get("names", ()))})
    sys.exit(serve_release(
        Path(sys.argv[1]), site=site, limits=Limits(**told["limits"]), open_browser=False,
        announce=lambda address: print(address, flush=True),
    ))
"""


@pytest.fixture(scope="session")
def release_file(small_release, tmp_path_factory):
    mine = dataclasses.replace(small_release)  # saving gives it a fingerprint
    return mine.save(tmp_path_factory.mktemp("released") / "small.release")


@contextmanager
def _running(release, site=None, limits=None, cwd=None):
    """Yield a dashboard: its address, its process, where its kernels live, what it has said."""
    temporary = Path(tempfile.mkdtemp(prefix="t"))  # short: it holds the names of sockets
    said = temporary / "said.txt"
    told = json.dumps({"site": site or {}, "limits": {"ready_kernels": 0, **(limits or {})}})
    with said.open("w") as terminal:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(release), told],
            env=os.environ | {"TMPDIR": str(temporary), "STUDY_SECRET": "of the study"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=terminal,
            text=True,
            cwd=cwd,
        )
    try:
        address = process.stdout.readline().strip()
        assert address, said.read_text()
        yield Dashboard(address, process, temporary, said)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(30)
        process.stdout.close()
        shutil.rmtree(temporary, ignore_errors=True)


class Dashboard(SimpleNamespace):
    """A running dashboard, seen from outside."""

    def __init__(self, address, process, folder, said):
        host, port = re.fullmatch(r"http://([^/]+):(\d+)/.*", address).groups()
        super().__init__(
            address=address, process=process, folder=folder, said=said, host=host, port=int(port)
        )

    def ask(self, path="/", method="GET", body=None, cookies=True, **headers):
        """Send one request as it is written; return the answer's status, headers and text."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if cookies and getattr(self, "cookie", None):
            named.setdefault("Cookie", self.cookie)
        line = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            line.putrequest(method, path, skip_host="Host" in named, skip_accept_encoding=True)
            for name, value in named.items():
                line.putheader(name, value)
            if body is not None:
                line.putheader("Content-Length", str(len(body)))
            line.endheaders(body)
            answer = line.getresponse()
            content = answer.read()
            return SimpleNamespace(status=answer.status, headers=answer.headers, content=content,
                                   text=content.decode("utf-8", "replace"))  # fmt: skip
        finally:
            line.close()

    def page(self, path="/live/", **headers):
        """Open a live page; return its kernel's number and its first widget's."""
        answer = self.ask(path, **headers)
        assert answer.status == 200, answer.status
        return SimpleNamespace(
            kernel=re.search(r'"kernelId": "([\w-]+)"', answer.text)[1],
            model=re.search(r'"model_id": "(\w+)"', answer.text)[1],
            text=answer.text,
        )

    def channels(self, kernel, session="test"):
        query = f"?session_id={session}" if session is not None else ""
        return f"ws://{self.host}:{self.port}/live/api/kernels/{kernel}/channels{query}"

    def kernels(self):
        """List the numbers of the kernels that run."""
        found = subprocess.run(
            ["ps", "-ww", "-A", "-o", "pid=,args="], capture_output=True, text=True, check=True
        )
        mine = f"-f {self.folder.resolve()}"
        lines = [line.split() for line in found.stdout.splitlines() if mine in line]
        return {
            re.search(r"kernel-([\w-]+)\.json", " ".join(line))[1]: int(line[0]) for line in lines
        }

    def marks(self):
        """List what a kernel has been made to write."""
        return sorted(path.name for path in self.folder.glob("cb_*/*/mark*"))


def _until(holds, seconds=20.0):
    """Wait until something holds, and say whether it does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return bool(holds())


def _message(kind, content, *, channel="shell", header=None, parts=None, buffers=()):
    """Write a message of the v1 protocol; ``header`` and ``parts`` replace what is right."""
    head = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "test", "username": "x",
            "date": "2026-01-01T00:00:00Z", "version": "5.3", **(header or {})}  # fmt: skip
    pieces = [json.dumps(part).encode() for part in (head, {}, {}, content)]
    for place, piece in (parts or {}).items():
        pieces[place] = piece
    words = [channel.encode(), *pieces, *buffers]
    offsets = [8 * (len(words) + 2)]
    for word in words:
        offsets.append(offsets[-1] + len(word))
    numbers = [len(offsets), *offsets]
    return b"".join([*(number.to_bytes(8, "little") for number in numbers), *words])


def parsed(answer):
    """Return channel, header and content of what came back."""
    from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1

    channel, parts = deserialize_msg_from_ws_v1(answer)
    return channel, json.loads(parts[0]), json.loads(parts[3])


async def _conversation(address, sent, *, seconds=2.0, protocol=PROTOCOL, wait_for=None, **options):
    """Send messages; return what comes back until ``wait_for`` holds of one, or time is up."""
    import websockets

    offered = {"subprotocols": [websockets.Subprotocol(protocol)]} if protocol else {}
    heard, ended = [], None
    async with websockets.connect(address, max_size=None, **offered, **options) as line:
        # silence and a line that is closed both end a conversation: ``closed`` says which it was
        with contextlib.suppress(TimeoutError, websockets.ConnectionClosed):
            await asyncio.sleep(0.3)
            for one in sent:
                await line.send(one)
            async with asyncio.timeout(seconds):
                async for answer in line:
                    heard.append(parsed(answer) if isinstance(answer, bytes) else answer)
                    if wait_for and wait_for(heard[-1]):
                        break
        ended = line.close_code
    return SimpleNamespace(heard=heard, closed=ended)


def _talk(address, sent, **options):
    return asyncio.run(_conversation(address, sent, **options))


@pytest.fixture(scope="session")
def running():
    """``with running(release, site, limits) as dashboard``."""
    return _running


@pytest.fixture(scope="session")
def until():
    return _until


@pytest.fixture(scope="session")
def message():
    return _message


@pytest.fixture(scope="session")
def talk():
    return _talk


@pytest.fixture(scope="session")
def conversation():
    return _conversation


@pytest.fixture(scope="module")
def served(release_file):
    """One open dashboard for a whole module."""
    with _running(
        release_file, limits={"most_kernels": 40}, cwd=ROOT / "data_samples"
    ) as dashboard:
        yield dashboard
