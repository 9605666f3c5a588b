"""What goes wrong on an ordinary day: nobody is left with a page that looks alive and is dead."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from careerbench.dashboards.share import Site, serve_release
from careerbench.errors import BadArgumentError, DisclosureError

LINUX = sys.platform.startswith("linux")
SPOKEN = "v1.kernel.websocket.jupyter.org"


@pytest.fixture(scope="module")
def copied(release_file, tmp_path_factory):
    return shutil.copy(release_file, tmp_path_factory.mktemp("copied") / "pilot.release")


@pytest.fixture(scope="module")
def hasty(running, copied):
    """A dashboard with room for two kernels, and little patience."""
    limits = {"most_kernels": 2, "grace_seconds": 2, "idle_seconds": 6}
    with running(copied, limits=limits) as dashboard:
        yield dashboard


async def held(address, meanwhile, **options):
    """Open a page's line, do something, and return the code with which the line is closed."""
    import websockets

    spoken = [websockets.Subprotocol(SPOKEN)]
    async with websockets.connect(address, subprotocols=spoken, **options) as line:
        await asyncio.sleep(0.5)
        await meanwhile(line)
        async with asyncio.timeout(60):
            await line.wait_closed()
        return line.close_code


def test_pages_that_are_asked_for_and_never_opened_leave_no_kernel(hasty, until):
    with ThreadPoolExecutor() as visitors:
        opened = list(visitors.map(lambda _: hasty.page().kernel, range(2)))
    assert len(set(opened)) == 2
    busy = hasty.ask("/live/")
    assert busy.status == 503
    assert busy.headers["Retry-After"] == "30"
    assert 'href="/"' in busy.text
    assert hasty.ask("/").status == 200
    assert until(lambda: not hasty.kernels(), 60)
    assert hasty.ask("/live/", "HEAD").status == 200
    assert hasty.kernels() == {}


def test_a_page_that_is_closed_takes_its_kernel_along(hasty, until):
    page = hasty.page()

    async def leave(line):
        assert page.kernel in hasty.kernels()
        await line.close(1001)

    assert asyncio.run(held(hasty.channels(page.kernel), leave)) == 1001
    assert until(lambda: page.kernel not in hasty.kernels(), 30)


def test_a_page_that_loses_its_line_finds_its_kernel_again(hasty, talk, until):
    page = hasty.page()

    async def lose(line):
        line.transport.abort()

    asyncio.run(held(hasty.channels(page.kernel), lose))
    assert talk(hasty.channels(page.kernel), [], seconds=0.2).closed in {1000, None}
    assert page.kernel in hasty.kernels()
    assert until(lambda: page.kernel not in hasty.kernels(), 40)


def test_a_page_whose_kernel_is_killed_is_told_so(hasty, talk, until):
    import websockets

    page = hasty.page()

    async def kill(_line):
        os.kill(hasty.kernels()[page.kernel], getattr(signal, "SIGKILL", signal.SIGTERM))

    assert asyncio.run(held(hasty.channels(page.kernel), kill)) == 4410
    with pytest.raises(websockets.InvalidStatus) as refused:
        talk(hasty.channels(page.kernel), [])
    assert refused.value.response.status_code == 404
    assert until(lambda: page.kernel not in hasty.kernels())


def test_a_page_that_nobody_uses_is_put_to_rest_and_told_so(hasty, until):
    page = hasty.page()

    async def sleep(_line):
        pass

    assert asyncio.run(held(hasty.channels(page.kernel), sleep)) == 4408
    assert until(lambda: page.kernel not in hasty.kernels())


def test_a_release_that_is_replaced_is_not_shown_halfway(hasty, copied, until):
    before = hasty.ask("/")
    with copied.open("wb") as file:
        file.write(b"half a release")
    assert until(lambda: "pilot.release has changed" in hasty.said.read_text(), 15)
    assert hasty.ask("/").content == before.content
    assert hasty.page().kernel in hasty.kernels()
    copied.unlink()
    assert until(lambda: "pilot.release is gone" in hasty.said.read_text(), 15)
    assert hasty.ask("/", If_None_Match=before.headers["Etag"]).status == 304


def spoiled(content, kind):
    half = len(content) // 2
    return {
        "cut off": content[:half],
        "empty": b"",
        "changed": content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :],
        "a study": b"title = 'x'",
    }[kind]


@pytest.mark.parametrize("kind", ["cut off", "empty", "changed", "a study"])
def test_a_release_that_is_not_whole_is_refused_at_the_start(release_file, tmp_path, kind):
    bad = tmp_path / "bad.release"
    bad.write_bytes(spoiled(release_file.read_bytes(), kind))
    with pytest.raises(DisclosureError, match="cannot be used"):
        serve_release(bad, site=Site(port=0), open_browser=False, announce=pytest.fail)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"address": "0.0.0.0"}, "others can reach this address"),
        ({"address": "::"}, "others can reach this address"),
        ({"address": "0.0.0.0", "proxy_user_header": "X-User"}, "only this machine may reach"),
        ({"address": "somewhere"}, "a number, not a name"),
        ({"password": "short"}, "shorter than 10"),
        ({"base_url": "careers"}, "a path between slashes"),
        ({"base_url": "/a/../b/"}, "a path between slashes"),
        ({"proxy_user_header": "Host"}, "does not say who"),
        ({"proxy_user_header": "a: b"}, "does not say who"),
    ],
)
def test_a_place_that_is_open_to_others_asks_who_they_are(asked, said):
    with pytest.raises(BadArgumentError, match=said):
        Site(**asked)


def test_the_password_is_not_in_what_a_site_says_of_itself():
    assert "four words" not in repr(Site(address="0.0.0.0", password="four words of mine"))


@pytest.mark.skipif(not LINUX, reason="only Linux can take back the right to open files")
def test_neither_study_nor_network_can_be_reached_by_code_that_does_run(
    running, release_file, sample_folder
):
    from jupyter_client import BlockingKernelClient

    from careerbench.dashboards.serving.confine import is_possible

    if not is_possible():
        pytest.skip("this kernel has no Landlock")
    tried = f"""
def says(act):
    try:
        act()
    except OSError as error:
        return type(error).__name__
    return "done"
import os, socket
print([says(act) for act in (
    lambda: open({str(sample_folder / "schools.csv")!r}).read(),
    lambda: os.listdir({str(sample_folder)!r}),
    lambda: open({str(release_file)!r}, "rb").read(),
    lambda: open({str(sample_folder / "new.csv")!r}, "w"),
    lambda: socket.create_connection(("127.0.0.1", {{port}})),
    lambda: open(os.environ["CAREERBENCH_VIEW"], "rb").read(),
    lambda: open(os.path.join(os.environ["HOME"], "note"), "w"),
)])
"""
    with running(release_file) as dashboard:
        page = dashboard.page()
        client = BlockingKernelClient()
        connection = next(dashboard.folder.glob(f"cb_*/voila_*/kernel-{page.kernel}.json"))
        client.load_connection_file(str(connection))
        client.start_channels()
        printed = []

        def hear(message):
            printed.append(message["content"].get("text", ""))

        try:
            client.execute_interactive(
                tried.replace("{port}", str(dashboard.port)), timeout=60, output_hook=hear
            )
        finally:
            client.stop_channels()
        assert "".join(printed).strip() == str(["PermissionError"] * 5 + ["done"] * 2)
        folder = dashboard.folder
        process = dashboard.process
        children = set(dashboard.kernels().values())
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert list(folder.glob("cb_*")) == []  # nothing is left behind
        running_now = subprocess.run(
            ["ps", "-A", "-o", "pid="], capture_output=True, text=True, check=True
        )
        assert not children & set(map(int, running_now.stdout.split()))
