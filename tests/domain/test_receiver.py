"""How long to wait before trying again, and what a file is called at its receiver."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from claims_service.domain.receiver import remote_name, wait_after

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_the_wait_doubles_up_to_an_hour_and_half_of_it_is_chance(failures: int, luck: float) -> None:
    """From 30 to 60 seconds after the first failure, from 30 to 60 minutes after the seventh and every later one."""
    whole = min(MINUTE * 2 ** min(failures - 1, 10), HOUR)

    assert whole / 2 <= wait_after(failures, lambda below: int(luck * below)) <= whole


def test_two_that_failed_together_do_not_come_back_together() -> None:
    assert wait_after(5, lambda below: 0) == 8 * MINUTE
    assert wait_after(5, lambda below: below - 1) == 16 * MINUTE


@given(st.integers(1, 999_999_999), st.integers(1, 10**9), st.integers(1, 999_999_999), st.integers(1, 10**9))
def test_two_files_never_have_one_name(control: int, file: int, other_control: int, other_file: int) -> None:
    same = (control, file) == (other_control, other_file)

    assert (
        remote_name("LAKESIDE", f"{control}", file) == remote_name("LAKESIDE", f"{other_control}", other_file)
    ) == same


def test_a_name_holds_nothing_that_a_folder_could_mistake() -> None:
    assert remote_name("../LAKE SIDE-1", "7", 12) == "LAKESIDE1-000000007-12.837"
