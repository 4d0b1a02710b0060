# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The sliding window alone: when there is room, what a 429 takes away, and how that comes back."""

from __future__ import annotations

from math import inf

from ttapi_client.policies import RateLimitPolicy
from ttapi_client.resilience.limiter import SlidingWindow


def window(starts: int = 2, seconds: float = 1.0, **policy: float) -> SlidingWindow:
    """So many starts in so many seconds."""
    return SlidingWindow(RateLimitPolicy(starts=starts, window_seconds=seconds, **policy))


def used(*moments: float, starts: int = 2, seconds: float = 1.0) -> SlidingWindow:
    """One that has seen starts at these moments."""
    made = window(starts, seconds)
    for moment in moments:
        made.start(moment)
    return made


def test_there_is_room_for_as_many_starts_as_the_policy_says() -> None:
    """The next has to wait until the first leaves the window."""
    assert window().seconds_until_room(5.0) == 0.0
    assert used(5.0).seconds_until_room(5.0) == 0.0
    assert used(5.0, 5.25).seconds_until_room(5.5) == 0.5


def test_a_start_leaves_the_window_when_that_has_passed_and_not_before() -> None:
    """To the moment."""
    made = used(5.0, 5.5)
    assert made.seconds_until_room(5.875) == 0.125
    assert made.seconds_until_room(6.0) == 0.0
    made.start(6.0)
    assert made.seconds_until_room(6.0) == 0.5


def test_all_starts_that_have_left_the_window_are_forgotten() -> None:
    """After a pause there is room for a whole burst."""
    made = used(5.0, 5.5)
    for _ in range(2):
        assert made.seconds_until_room(100.0) == 0.0
        made.start(100.0)
    assert made.seconds_until_room(100.0) == 1.0


def test_a_window_may_be_longer_than_a_second() -> None:
    """Ten starts a minute, say."""
    assert used(5.0, 10.0, seconds=60.0).seconds_until_room(20.0) == 45.0


def test_a_turn_that_is_given_takes_the_room_of_a_start() -> None:
    """Until it is used, and counted as one, or is given back."""
    made = used(5.0)
    made.promise()
    assert made.seconds_until_room(5.5) == 0.5
    made.release()
    assert made.seconds_until_room(5.5) == 0.0


def test_room_that_depends_on_turns_alone_is_nobody_knows_when() -> None:
    """What their starts will be is not known yet."""
    made = window()
    made.promise()
    assert made.seconds_until_room(5.0) == 0.0
    made.promise()
    assert made.seconds_until_room(5.0) == inf
    made.start(5.0)
    assert made.seconds_until_room(5.0) == inf, "two more than there is room for, and only one will leave"
    made.release()
    assert made.seconds_until_room(5.25) == 0.75


def test_a_429_halves_the_starts_at_once() -> None:
    """Those of the window that are too many have to leave it first."""
    made = used(5.0, 5.125, 5.25, 5.375, starts=4)
    assert made.allowed(5.5) == 4
    assert made.slow_down(5.5, started_at=5.0)
    assert made.allowed(5.5) == 2
    assert made.seconds_until_room(5.5) == 0.75, "when the third has left"


def test_the_starts_come_back_window_by_window() -> None:
    """A tenth of the policy's each; and at last there are as many as ever, and no more."""
    made = window(starts=20, seconds=2.0, slow_down_factor=0.25, recovery_per_window=0.125)
    made.slow_down(10.0, started_at=10.0)
    moments = (10.0, 11.0, 12.0, 14.0, 20.0, 22.0, 24.0, 1000.0)
    assert [made.allowed(moment) for moment in moments] == [5, 6, 7, 10, 17, 20, 20, 20]


def test_a_window_never_goes_below_one_start() -> None:
    """However often the service complains."""
    made = window(starts=2, slow_down_factor=0.25)
    for number in range(3):
        made.slow_down(10.0 * number, started_at=10.0 * number)
        assert made.allowed(10.0 * number) == 1


def test_a_429_of_what_had_started_before_the_slow_down_had_its_effect_is_no_news() -> None:
    """Until one window later; from then on it is."""
    made = window(starts=16, recovery_per_window=0.0625)
    assert made.slow_down(10.0, started_at=9.0)
    assert not made.slow_down(11.5, started_at=10.875)
    assert made.allowed(11.5) == 9, "no further cut, and what has come back stays"
    assert made.slow_down(12.0, started_at=11.0)
    assert made.allowed(12.0) == 5


def test_the_recovery_goes_on_when_a_429_is_no_news() -> None:
    """Its time does not begin anew at what there was first."""
    made = window(starts=16, recovery_per_window=0.0625)
    made.slow_down(10.0, started_at=10.0)
    made.slow_down(12.0, started_at=10.0)
    assert [made.allowed(moment) for moment in (12.0, 13.0, 15.0)] == [10, 11, 13]


def test_a_slow_down_after_a_full_recovery_cuts_the_whole_again() -> None:
    """Not what was left of the first time."""
    made = window(starts=16)
    made.slow_down(10.0, started_at=10.0)
    assert made.allowed(1000.0) == 16
    made.slow_down(1001.0, started_at=1001.0)
    assert made.allowed(1001.0) == 8


def test_nothing_starts_for_as_long_as_the_service_asks() -> None:
    """Whatever room there is in the window."""
    made = window()
    made.slow_down(10.0, started_at=10.0, retry_after_seconds=5.0)
    assert made.held_until == 15.0
    assert made.seconds_until_room(12.0) == 3.0
    assert made.seconds_until_room(15.0) == 0.0


def test_after_a_hold_the_window_still_holds() -> None:
    """Half a second is not enough for the starts of before to leave it."""
    made = used(10.0, 10.0)
    made.slow_down(10.0, started_at=10.0, retry_after_seconds=0.5)
    assert made.seconds_until_room(10.25) == 0.25
    assert made.seconds_until_room(10.5) == 0.5


def test_of_several_holds_the_longest_holds() -> None:
    """A shorter one that comes later takes nothing back."""
    made = window()
    made.slow_down(10.0, started_at=10.0, retry_after_seconds=5.0)
    made.slow_down(11.0, started_at=10.0, retry_after_seconds=1.0)
    assert made.seconds_until_room(11.0) == 4.0
    made.slow_down(11.0, started_at=10.0, retry_after_seconds=9.0)
    assert made.seconds_until_room(11.0) == 9.0


def test_a_hold_is_no_longer_than_is_believed() -> None:
    """An hour is not."""
    made = window(longest_hold_seconds=30.0)
    made.slow_down(10.0, started_at=10.0, retry_after_seconds=3600.0)
    assert made.seconds_until_room(10.0) == 30.0


def test_the_starts_come_back_from_the_end_of_a_hold_on() -> None:
    """While nothing may start, nothing is learned."""
    made = window(starts=16, recovery_per_window=0.0625)
    made.slow_down(10.0, started_at=10.0, retry_after_seconds=5.0)
    assert [made.allowed(moment) for moment in (10.0, 15.0, 16.0, 18.0)] == [8, 8, 9, 11]


def test_a_window_that_nobody_has_complained_of_holds_nothing_back() -> None:
    """From the first moment on, whatever the clock says then."""
    made = window()
    assert made.seconds_until_room(-1000.0) == 0.0
    assert made.slow_down(-1000.0, started_at=-1000.0)
