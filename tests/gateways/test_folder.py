"""A watched folder: a name that is taken stays, whether or not the drive knows links."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from claims_service.domain.receiver import FOLDER, Receiver
from claims_service.gateways.folder import Folder
from claims_service.gateways.place import PlaceError


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    for name in ("in", "out", "read"):
        (tmp_path / name).mkdir()
    return Receiver(
        "QH001", "Quillhaven Health", FOLDER, outbound=f"{tmp_path}/in", inbound=f"{tmp_path}/out", archive=f"{tmp_path}/read"
    )  # fmt: skip


@pytest.fixture(params=["with links", "without links"])
def drive(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Some network drives know no hard links."""

    def refused(*_: Any) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    if request.param == "without links":
        monkeypatch.setattr(os, "link", refused)
    return str(request.param)


def test_a_file_gets_its_name_in_one_go(drive: str, receiver: Receiver) -> None:
    with Folder(receiver) as place:
        place.write("a.837.part", b"ISA")
        place.rename("a.837.part", "a.837")
        assert {name: found.size for name, found in place.sent().items()} == {"a.837": 3}
        assert place.read_sent("a.837") == b"ISA"


def test_a_name_that_is_taken_is_never_written_over(drive: str, receiver: Receiver) -> None:
    there = Path(receiver.outbound) / "a.837"
    there.write_bytes(b"theirs")

    with Folder(receiver) as place:
        place.write("a.837.part", b"ours")
        with pytest.raises(PlaceError, match=r"File exists|name is taken"):
            place.rename("a.837.part", "a.837")

    assert there.read_bytes() == b"theirs"


def test_an_archived_answer_does_not_push_an_older_one_out(receiver: Receiver) -> None:
    (Path(receiver.inbound) / "999.txt").write_bytes(b"new")
    (Path(receiver.archive) / "999.txt").write_bytes(b"old")

    with Folder(receiver) as place:
        place.archive("999.txt")

    kept = {file.name: file.read_bytes() for file in Path(receiver.archive).iterdir()}
    assert kept == {"999.txt": b"old", "999.txt.1": b"new"}


def test_a_folder_that_may_not_be_written_to_is_told(receiver: Receiver) -> None:
    Path(receiver.outbound).rmdir()

    with Folder(receiver) as place, pytest.raises(PlaceError, match="Can't write to the folder"):
        place.write("a.837.part", b"ISA")
