from careerbench.dashboards.serving.limits import Meter


def test_a_caller_who_waits_is_heard_again():
    now = [0.0]
    meter = Meter(2, 0.5, clock=lambda: now[0])
    assert [meter.allows("a") for _ in range(3)] == [True, True, False]
    now[0] = 1.9
    assert not meter.allows("a")
    now[0] = 2.0
    assert meter.allows("a")
    assert not meter.allows("a")


def test_a_pause_never_gives_more_than_the_burst():
    now = [0.0]
    meter = Meter(2, 1, clock=lambda: now[0])
    meter.allows("a")
    now[0] = 1e6
    assert [meter.allows("a") for _ in range(3)] == [True, True, False]


def test_many_callers_do_not_fill_the_memory():
    meter = Meter(1, 0, clock=lambda: 0.0)
    for number in range(12_000):
        meter.allows(str(number))
    assert len(meter._left) == 10_000
