"""From the clinic's visit to the insurer's money over one SFTP server, with an insurer that minds duplicates."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from claims_service.config import Config
from claims_service.gateways.sandbox_insurer import Answer, SandboxInsurer
from claims_service.gateways.sandbox_insurer.plan import Member
from claims_service.interfaces.jobs import exchange
from claims_service.queries import deliveries
from claims_service.store import receivers
from claims_service.store.connection import run
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.gateways.sandbox_insurer.claims import plan
from tests.gateways.sftp_server import PASSWORD, SftpServer, running
from tests.workflow.cycle import ready


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    with running(tmp_path / "insurer") as started:
        yield started


@pytest.fixture
def quillhaven(tmp_path: Path) -> SandboxInsurer:
    """Insures Alma; a second file with a control number it has seen is refused with TA1 025."""
    alma = Member("QHM0000001", "standard", date(2026, 1, 1), None, 0)
    known = plan()
    alma = replace(alma, plan=next(iter(known.benefits)))
    return SandboxInsurer(replace(known, members={alma.member_id: alma}), tmp_path / "quillhaven.json")


def lay_down(server: SftpServer, answers: list[Answer], *, share: int = 10) -> None:
    """So many tenths of each answer."""
    for answer in answers:
        (server.folder / "out" / answer.name).write_bytes(answer.content[: len(answer.content) * share // 10])


def states() -> set[str]:
    return {row[0] for row in run("select state from claim").fetchall()}


@pytest.mark.check(49)
@pytest.mark.check(50)
def test_three_visits_go_to_the_insurer_and_their_money_comes_back(
    clinic: Clinic, server: SftpServer, quillhaven: SandboxInsurer, config: Config, tmp_path: Path
) -> None:
    """$450.00 billed. Each round looks while answers are half there; in the end each claim is decided and paid once."""
    secret = tmp_path / "quillhaven"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    settings = replace(config, receiver_secrets=tmp_path)
    receivers.put(clinic.practice, server.receiver(archive="/archive"), at=NOW)
    ready(clinic, 3)
    submit_claims(clinic.practice, by=BILLER, now=NOW)

    def rounds() -> None:
        for _ in range(2):
            exchange.exchange(settings, clinic.practice, NOW, TODAY)

    rounds()
    (arrived,) = (server.folder / "in").iterdir()
    answers = quillhaven.receive(arrived.read_bytes(), NOW)
    lay_down(server, answers, share=5)
    rounds()
    assert states() == {"sent"}
    lay_down(server, answers)
    rounds()
    assert states() == {"accepted"}
    payment = quillhaven.pay(TODAY + timedelta(days=60))
    lay_down(server, payment, share=9)
    rounds()
    assert states() == {"accepted"}
    lay_down(server, payment)
    rounds()

    assert states() == {"decided"}
    posted = run("select paid_cents from remittance where state = 'posted'").fetchall()
    assert posted == [(payment[0].transfer.cents,)] if payment[0].transfer else False
    assert len(list((server.folder / "archive").iterdir())) == len(answers) + len(payment)
    assert list((server.folder / "out").iterdir()) == []
    assert deliveries.silent_files(clinic.practice, now=NOW + timedelta(days=90)) == []
    assert deliveries.queue(clinic.practice, now=NOW + timedelta(days=90)) == {}
