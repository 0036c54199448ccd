"""What patients answer to text messages, in two languages: a stop holds at once."""

from dataclasses import replace
from pathlib import Path

import pytest

from claims_service.config import Config
from claims_service.domain.patient.reminder import TEXT
from claims_service.domain.patient.text_reply import HELP, OTHER, STOP, meaning
from claims_service.gateways.messages.outbox import FolderOutbox
from claims_service.gateways.messages.replies import Reply, replies_for
from claims_service.interfaces.jobs import rounds
from claims_service.store import audit, reminders, tables
from claims_service.workflow.pause_bills import choose_contact
from claims_service.workflow.take_text_replies import Taken, take_text_replies
from tests.clinic import BILLER, NOW, Clinic

NUMBER = "(503) 555-0142"


@pytest.mark.parametrize(
    ("reply", "means"),
    [
        ("STOP", STOP), ("stop.", STOP), ("Stop please", STOP), ("Quit", STOP), ("END", STOP), ("revoke", STOP), ("opt out", STOP),
        ("optout", STOP), ("cancel", STOP), ("UNSUBSCRIBE", STOP), ("No more", STOP),
        ("ALTO", STOP), ("¡Alto!", STOP), ("parar", STOP), ("Pare por favor", STOP), ("CANCELAR", STOP), ("cancele", STOP),
        ("Baja", STOP), ("Dar de baja", STOP), ("no más", STOP), ("No quiero más", STOP), ("detener", STOP), ("FIN", STOP),
        ("help", HELP), ("AYUDA", HELP), ("info?", HELP),
        ("", OTHER), ("👍", OTHER), ("thanks", OTHER), ("gracias", OTHER), ("Can I pay at the end of May?", OTHER),
        ("Stop by on Monday to pay, is that fine?", OTHER), ("No", OTHER),
    ],
)  # fmt: skip
def test_a_reply_is_read_however_it_is_written(reply: str, means: str) -> None:
    assert meaning(reply) == means


@pytest.fixture
def texted(clinic: Clinic) -> Clinic:
    """Alma, who reads Spanish, and Bruno share a number and agreed to texts."""
    tables.Patient.update(phone=NUMBER).execute()
    tables.Patient.update(language="es").where(tables.Patient.id == clinic.alma).execute()
    for patient in (clinic.alma, clinic.bruno):
        choose_contact(clinic.practice, patient, by_email=False, by_text=True, via="desk", by=BILLER, now=NOW)
    return clinic


def agreed(clinic: Clinic) -> list[bool]:
    contacts = reminders.contacts(clinic.practice, [clinic.alma, clinic.bruno])
    return [TEXT in contacts[patient].agreed for patient in (clinic.alma, clinic.bruno)]


def take(clinic: Clinic, folder: Path, *said: Reply) -> Taken:
    return take_text_replies(clinic.practice, said, outbox=FolderOutbox(folder), by=BILLER, now=NOW)


def test_a_stop_holds_for_everyone_with_the_number_and_is_confirmed_once(texted: Clinic, tmp_path: Path) -> None:
    stop = Reply("m1", "+15035550142", "ALTO")
    assert take(texted, tmp_path, stop) == Taken(stopped=2, answered=1)
    assert agreed(texted) == [False, False]
    assert take(texted, tmp_path, stop, Reply("m2", "+15035550142", "stop")) == Taken()
    [sent] = tmp_path.iterdir()
    assert sent.read_text() == "Lakeside Clinic: ya no le enviamos mensajes de texto. Preguntas: (503) 555-0142."
    assert {row.via for row in tables.ContactChoice.select().where(tables.ContactChoice.answer == "stop")} == {"reply"}
    assert audit.verify() == []


def test_help_is_answered_and_other_words_and_strangers_change_nothing(texted: Clinic, tmp_path: Path) -> None:
    told = [
        Reply("m1", "+15035550142", "AYUDA"),
        Reply("m2", "+15035550142", "gracias"),
        Reply("m3", "+15035550199", "STOP"),
    ]
    assert take(texted, tmp_path, *told, Reply("m4", "", "STOP")) == Taken(answered=1, other=1)
    assert agreed(texted) == [True, True]
    assert "Responda ALTO para cancelar." in next(tmp_path.iterdir()).read_text()


def test_the_clock_takes_replies_from_the_folder_and_production_looks_at_none(texted: Clinic, config: Config) -> None:
    folder = config.data_dir / "messages" / "replies" / str(texted.practice)
    folder.mkdir(parents=True)
    (folder / "m1.txt").write_text("503-555-0142\nCancelar\n")
    (folder / "m2.txt").write_bytes(b"\xff")
    for _ in range(2):
        assert rounds.run(config, rounds.text_replies) == 0
    assert agreed(texted) == [False, False]
    assert sorted(file.name for file in folder.iterdir()) == ["m1.taken", "m2.taken"]
    assert not replies_for(replace(config, mode="production")).waiting(texted.practice)
