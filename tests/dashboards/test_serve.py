import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from careerbench.dashboards.serve import serve_notebook
from careerbench.errors import BadArgumentError, ReadError

WINDOWS = sys.platform == "win32"
LINUX = sys.platform.startswith("linux")
PROGRAM = """
import sys
from pathlib import Path
from careerbench.dashboards.serve import serve_notebook
if __name__ == "__main__":
    sys.exit(serve_notebook(
        Path(sys.argv[1]), port=int(sys.argv[2]), open_browser=False,
        environment={"CAREERBENCH_TOLD": "by the caller"},
        announce=lambda address: print(address, flush=True),
    ))
"""
CELL = """
import os
import ipywidgets
from IPython.display import display
area = ipywidgets.Dropdown(description="Area", options=["North", "South"])
def fail(change):
    raise ValueError("a pupil's answer")
area.observe(fail, "value")
display(area, ipywidgets.HTML(os.environ["CAREERBENCH_TOLD"]))
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": CELL, "outputs": []}
    book = {
        "cells": [{**cell, "execution_count": None}],
        "metadata": {"title": "A tiny dashboard"},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "tiny.ipynb").write_text(json.dumps(book), encoding="utf-8")
    return folder / "tiny.ipynb"


@contextmanager
def serving(notebook, home, port=0):
    """Yield a server's process and address, in a home whose python3 kernel does not work."""
    environment = os.environ | {"HOME": str(home), "JUPYTER_PATH": str(home / "jupyter")}
    kernel = home / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True, exist_ok=True)
    spec = {"argv": ["no-such-python", "{connection_file}"], "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec | {"display_name": "Not this one"}))
    with (home / "said").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(notebook), str(port)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    try:
        yield process, process.stdout.readline().strip()
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(30)
        process.stdout.close()


@pytest.fixture(scope="module")
def served(notebook, tmp_path_factory):
    with serving(notebook, tmp_path_factory.mktemp("home")) as (_, address):
        yield address


def fetched(address):
    """Return the status and the text of an address."""
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_the_page_answers_on_this_machine_only(served):
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", served)
    status, page = fetched(served)
    assert status == 200
    assert '<html lang="en">' in page
    assert "<title>A tiny dashboard</title>" in page
    assert 'role="main"' in page


def test_the_page_asks_no_other_host_and_shows_no_code(served):
    page = fetched(served)[1]
    assert re.findall(r"(?:src|href)=[\"'](?:https?:)?//[^\"']+", page) == []
    assert "import ipywidgets" not in page


@pytest.mark.parametrize("name", ["picture.png", "tiny.ipynb", "../home/said"])
def test_no_file_beside_the_notebook_is_served(served, name):
    assert fetched(f"{served}voila/files/{name}")[0] == 404


@pytest.mark.parametrize("query", ["template=reveal", "theme=dark", "template=none-such"])
def test_a_query_does_not_change_the_page(served, query):
    status, page = fetched(f"{served}?{query}")
    assert status == 200
    assert "Skip to the dashboard" in page


def test_another_name_for_this_machine_is_refused(served):
    renamed = urllib.request.Request(served, headers={"Host": "elsewhere.example"})
    assert fetched(renamed)[0] == 403


def test_a_page_ends_its_kernel_and_another_site_cannot(served):
    kernel = re.search(r'"kernelId": "([\w-]+)"', fetched(served)[1])[1]
    address = f"{served}voila/api/shutdown/{kernel}"

    def ended(**headers):
        return fetched(urllib.request.Request(address, method="POST", headers=headers))[0]

    assert ended(Origin="null") == 403
    assert ended(Origin="http://elsewhere.example") == 403
    assert ended(**{"Origin": "null", "Sec-Fetch-Site": "same-origin"}) == 204


def test_the_explorer_sets_no_cookie(served):
    with urllib.request.urlopen(served, timeout=60) as answer:
        assert answer.headers.get_all("Set-Cookie") is None


def test_the_old_websocket_protocol_is_refused(served):
    assert asyncio.run(_closed_with(_channels(served)[0])) == 4400


def test_what_fails_in_a_callback_reaches_the_page_without_a_word_of_data(served):
    channels, model = _channels(served)
    said = asyncio.run(_error_after(channels, model))
    assert said["evalue"] == (
        "Something went wrong on this page. The terminal it was started from says more."
    )
    assert "pupil" not in json.dumps(said)


def _channels(served):
    """Open the page; return its kernel's websocket and the dropdown's model."""
    page = fetched(served)[1]
    kernel = re.search(r'"kernelId": "([\w-]+)"', page)[1]
    model = re.search(r'"model_id": "(\w+)"', page)[1]
    return f"ws{served.removeprefix('http')}api/kernels/{kernel}/channels?session_id=test", model


async def _closed_with(channels):
    import websockets

    async with asyncio.timeout(30), websockets.connect(channels) as page:
        await page.wait_closed()
        return page.close_code


async def _error_after(channels, model):
    """Choose the dropdown's second option as a page would; return the error that comes back."""
    import websockets
    from jupyter_client.session import Session
    from jupyter_server.services.kernels.connection.base import (
        deserialize_msg_from_ws_v1,
        serialize_msg_to_ws_v1,
    )

    session = Session(key=b"")
    change = {"method": "update", "state": {"index": 1}, "buffer_paths": []}
    message = session.msg("comm_msg", {"comm_id": model, "data": change})
    sent = serialize_msg_to_ws_v1(message, "shell", session.pack)
    protocol = websockets.Subprotocol("v1.kernel.websocket.jupyter.org")
    async with websockets.connect(channels, subprotocols=[protocol]) as page:
        await asyncio.sleep(1)
        await page.send(sent)
        async with asyncio.timeout(30):
            async for answer in page:
                _, parts = deserialize_msg_from_ws_v1(answer)
                if json.loads(parts[0])["msg_type"] == "error":
                    return json.loads(parts[3])
    return None


@pytest.mark.skipif(WINDOWS, reason="a process of one's own cannot be sent Ctrl-C on Windows")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_a_signal_stops_it_with_no_trace(notebook, tmp_path, number):
    with serving(notebook, tmp_path) as (process, address):
        assert fetched(address)[0] == 200
        kernels = _children(process.pid)
        process.send_signal(getattr(signal, number))
        assert process.wait(15) == 0
    assert (tmp_path / "said").read_text() == ""
    if LINUX:
        assert kernels
        assert [kernel for kernel in kernels if _runs(kernel)] == []


def _children(parent):
    """Return the processes that a process started (Linux only; else none)."""
    tasks = Path(f"/proc/{parent}/task/{parent}/children")
    return tasks.read_text().split() if LINUX and tasks.exists() else []


def _runs(process, seconds=5.0):
    """Say whether a process still runs after some grace."""
    until = time.monotonic() + seconds
    while Path(f"/proc/{process}").exists() and time.monotonic() < until:
        time.sleep(0.1)
    return Path(f"/proc/{process}").exists()


def test_a_busy_port_makes_way_for_the_next(notebook, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serving(notebook, tmp_path, port) as (_, address):
            chosen = int(address.rstrip("/").rpartition(":")[2])
    assert port < chosen < port + 50
    said = f"Port {port} is busy: the dashboard is on port {chosen}.\n"
    assert (tmp_path / "said").read_text() == said


def test_a_missing_notebook_is_refused(tmp_path):
    with pytest.raises(ReadError, match=r"^dashboard: there is no notebook 'none\.ipynb'"):
        serve_notebook(tmp_path / "none.ipynb", open_browser=False, announce=print)


@pytest.mark.parametrize("port", [-1, 65536, True])
def test_an_impossible_port_is_refused(notebook, port):
    with pytest.raises(BadArgumentError, match="whole number from 0 to 65535"):
        serve_notebook(notebook, port=port, open_browser=False, announce=print)
