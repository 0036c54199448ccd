"""Guessing a password is slow, tells nothing and stops soon."""

import statistics
import time
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from claims_service.access import limits, people
from claims_service.access.passwords import Passwords, problems_in
from claims_service.config import Config
from claims_service.domain.actor import COMMAND
from claims_service.domain.errors import Rejected
from claims_service.store import tables
from tests.access.world import PASSWORD, START, Browser, Clinic

BASES = (
    "password letmein welcome monkey dragon sunshine princess football baseball superman qwertyuiop iloveyou trustno"
    " admin login master shadow michael jordan clinic billing health summer winter"
).split()
ENDS = (
    "",
    "1",
    "12",
    "123",
    "1234",
    "12345",
    "123456",
    "1234567",
    "2024",
    "2025",
    "2026",
    "!",
    "!!",
    "1!",
    "123!",
    "01",
)


@pytest.mark.check(66)
def test_after_ten_failures_the_account_waits(app: Flask, ours: Clinic, clock: time_machine.Traveller) -> None:
    """Ten wrong guesses from ten places; then even the right password is not looked at for 15 minutes."""
    email = "biller@larkspur.example"
    for n in range(10):
        guess = Browser(app).post(
            "/staff/sign-in", {"email": email, "password": "wrong"}, environ_base={"REMOTE_ADDR": f"192.0.2.{n}"}
        )
        assert guess.status_code == 422

    assert Browser(app).sign_in("staff", email).status_code == 429
    clock.shift(timedelta(minutes=15, seconds=1))
    assert Browser(app).sign_in("staff", email).status_code == 303


@pytest.mark.check(66)
def test_after_ten_failures_the_address_waits(app: Flask, ours: Clinic) -> None:
    """One guess at each of ten accounts from one place stops the eleventh."""
    for n in range(10):
        assert Browser(app).sign_in("staff", f"nobody{n}@larkspur.example", "wrong").status_code == 422

    assert Browser(app).sign_in("staff", "biller@larkspur.example").status_code == 429


@pytest.mark.check(66)
def test_an_unknown_name_a_wrong_password_and_the_wrong_site_read_the_same(app: Flask, ours: Clinic) -> None:
    def told(email: str, password: str) -> str:
        answer = Browser(app).sign_in("staff", email, password)
        assert answer.status_code == 422
        return answer.text.replace(email, "").partition('name="csrf_token"')[0]

    unknown = told("nobody@larkspur.example", "wrong")

    assert told("biller@larkspur.example", "wrong") == unknown
    assert told("insurer@larkspur.example", PASSWORD) == unknown


@pytest.mark.check(66)
def test_an_unknown_name_takes_as_long_as_a_known_one(settings: Config, ours: Clinic) -> None:
    """Within a fifth, at a cost where the hash outweighs everything else."""
    config = replace(settings, argon2_time_cost=2, argon2_memory_kib=16 * 1024, sign_in_attempts=10_000)
    passwords = Passwords(config)
    known = people.Newcomer("slow@larkspur.example", "Slow", "biller", PASSWORD)
    people.add(ours.practice, known, passwords=passwords, by=COMMAND, now=START)
    took: dict[str, list[float]] = {"slow@larkspur.example": [], "nobody@larkspur.example": []}

    for _ in range(15):
        for email, times in took.items():
            begun = time.process_time()  # of all threads; the machine's other work does not count
            with pytest.raises(people.Refused):
                people.sign_in(config, passwords, email, "wrong", site="staff", address="", now=START)
            times.append(time.process_time() - begun)

    slow, nobody = (statistics.median(times) for times in took.values())
    assert 0.8 < slow / nobody < 1.25


@pytest.mark.check(66)
def test_three_thousand_common_passwords_are_refused() -> None:
    """Words everyone takes, in small and capital letters, with what everyone adds, and runs of keys."""
    words = [form for base in BASES for form in (base, base.title(), base.upper(), base * 2, base.replace("a", "@"))]
    words += [word.replace("o", "0").replace("e", "3").replace("i", "1") for word in words]
    common = {word + end for word in words for end in ENDS} | {"abcdefghijkl", "123456789012", "qwertyuiopas", "a" * 20}

    accepted = [word for word in common if not problems_in(word)]

    assert len(common) > 3000
    assert accepted == []


@pytest.mark.check(66)
@pytest.mark.parametrize(
    "good", [PASSWORD, "correct horse battery staple", "vX9#mKq2!tLw", "łódź żółw chrząszcz", "7h2-kk9-plo-3xz"]
)
def test_words_that_have_nothing_to_do_with_each_other_are_taken(good: str) -> None:
    assert problems_in(good, "priya@larkspur.example", "Priya Castellane") == []


def test_a_password_made_of_ones_own_name_is_refused() -> None:
    assert problems_in("Priya-Castellane-7", "priya@larkspur.example", "Priya Castellane")


@given(st.text(max_size=40))
def test_no_password_breaks_the_check(password: str) -> None:
    problems_in(password, password)


@pytest.mark.check(66)
def test_the_hash_is_argon2id_and_grows_with_the_settings(app: Flask, settings: Config, ours: Clinic) -> None:
    assert all(user.password_hash.startswith("$argon2id$") for user in tables.User.select())
    dearer = replace(settings, argon2_time_cost=2)

    people.sign_in(dearer, Passwords(dearer), "biller@larkspur.example", PASSWORD, site="staff", address="", now=START)

    assert ",t=2," in tables.User.get(tables.User.id == ours.users["biller"]).password_hash.replace("$m=8", ",m=8")


def test_the_table_of_tries_names_nobody(app: Flask, settings: Config, ours: Clinic) -> None:
    Browser(app).sign_in("staff", "biller@larkspur.example", "wrong")

    row = tables.SignInAttempt.get()

    assert row.subject_hash == limits.subject_hash(settings, "biller@larkspur.example")
    assert "biller" not in repr(row.__data__)


def test_every_problem_of_a_newcomer_is_told_at_once(settings: Config, ours: Clinic) -> None:
    nobody = people.Newcomer("no address", " ", "king", "short")

    with pytest.raises(Rejected) as refused:
        people.add(ours.practice, nobody, passwords=Passwords(settings), by=COMMAND, now=START)

    assert [problem.where for problem in refused.value.problems] == ["email", "name", "role", "password"]
