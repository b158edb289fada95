"""A blocked event loop is noticed by a thread; a process that stood still is no block."""

from datetime import timedelta

from room_monitor.vigil.sentinel import Sentinel, where


class Night:
    def __init__(self) -> None:
        self.now = 0.0
        self.noticed: list[str] = []
        self.given_up: list[str] = []
        self.sentinel = Sentinel(
            lambda: self.now,
            late=lambda: timedelta(seconds=5),
            hopeless=timedelta(seconds=60),
            noticed=self.noticed.append,
            given_up=self.given_up.append,
        )

    def go(self, seconds: int, *, passing: bool) -> None:
        for _ in range(seconds):
            self.now += 1
            if passing:
                self.sentinel.passed_at = self.now
            self.sentinel.look()


def test_a_loop_that_passes_by_is_left_alone() -> None:
    night = Night()
    night.go(100, passing=True)

    assert night.noticed == []


def test_a_blocked_loop_is_noticed_once_and_given_up_once() -> None:
    night = Night()
    night.go(10, passing=True)
    night.go(200, passing=False)

    assert night.noticed == ["the event loop has been blocked for 6 s"]
    assert night.given_up == ["the event loop has been blocked for 61 s"]
    night.go(10, passing=True)
    night.go(10, passing=False)
    assert len(night.noticed) == 2


def test_after_the_whole_process_stood_still_the_loop_gets_time_to_go_on() -> None:
    night = Night()
    night.go(10, passing=True)
    night.now += 3600
    night.go(5, passing=False)
    night.go(10, passing=True)

    assert night.noticed == []


def test_where_the_loop_is_tells_functions_only() -> None:
    assert where().startswith("where:")
