from http.cookies import SimpleCookie
from types import SimpleNamespace

import pytest
from tornado.httputil import HTTPHeaders

from careerbench.dashboards.serving.door import OpenDoor, PasswordDoor, ProxyDoor

PASSWORD = "four words of mine"


def request(cookie="", headers=()):
    found = HTTPHeaders()
    for name, value in headers:
        found.add(name, value)
    return SimpleNamespace(cookies=SimpleCookie(cookie), headers=found)


@pytest.fixture
def now():
    return [0.0]


@pytest.fixture
def door(now):
    return PasswordDoor(PASSWORD, cookie="c", clock=lambda: now[0])


def test_who_gives_the_password_is_known_for_twelve_hours(door, now):
    number = door.enter(PASSWORD)
    assert door.who(request(f"c={number}")) == "visitor"
    now[0] = 12 * 3600 - 1
    assert door.who(request(f"c={number}")) == "visitor"
    now[0] = 12 * 3600
    assert door.who(request(f"c={number}")) is None


@pytest.mark.parametrize("said", ["", PASSWORD.upper(), f"{PASSWORD} ", PASSWORD[:-1], "\udcff"])
def test_another_password_opens_nothing(door, said):
    assert door.enter(said) is None


@pytest.mark.parametrize("cookie", ["", "c=", "c=x", "d=1"])
def test_an_unknown_number_is_nobody(door, cookie):
    door.enter(PASSWORD)
    assert door.who(request(cookie)) is None


def test_who_leaves_must_knock_again_and_others_stay(door):
    one, other = door.enter(PASSWORD), door.enter(PASSWORD)
    door.leave(request(f"c={one}"))
    assert door.who(request(f"c={one}")) is None
    assert door.who(request(f"c={other}")) == "visitor"


def test_the_password_is_not_kept(door):
    assert PASSWORD not in str(vars(door))


def test_the_proxys_header_names_the_visitor():
    door = ProxyDoor("X-Forwarded-Email")
    assert door.who(request(headers=[("x-forwarded-email", "a@b.example")])) == "a@b.example"


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("X-Forwarded-Email", "")],
        [("X-Forwarded-Email", "a"), ("X-Forwarded-Email", "b")],
        [("X-Forwarded-Email", "a, b")],
        [("X-Forwarded-User", "a")],
    ],
)
def test_a_header_that_is_missing_empty_or_given_twice_names_nobody(headers):
    assert ProxyDoor("X-Forwarded-Email").who(request(headers=headers)) is None


def test_an_open_door_lets_everybody_in():
    assert OpenDoor().who(request()) == "visitor"
