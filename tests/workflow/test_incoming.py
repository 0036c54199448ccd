"""What a file is, told from its envelope."""

from pathlib import Path

import pytest

from claims_service.workflow.incoming import kind_of


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("835_check.x12", "835"),
        ("999_reject.x12", "999"),
        ("ta1_accept.x12", "TA1"),
        ("277ca_mixed.x12", "277CA"),
        ("277_response.x12", "277"),
        ("837p_basic.x12", "837"),
    ],
)
def test_a_file_is_known_by_its_envelope(shared_data: Path, name: str, kind: str) -> None:
    assert kind_of((shared_data / "layouts" / "x12" / name).read_bytes()) == kind


@pytest.mark.corpus
def test_a_remittance_wrapped_at_80_columns_is_still_one(shared_data: Path) -> None:
    content = (shared_data / "layouts" / "x12" / "835_check.x12").read_bytes().replace(b"\n", b"")
    wrapped = b"\r\n".join(content[at : at + 80] for at in range(0, len(content), 80))

    assert kind_of(wrapped) == "835"


@pytest.mark.parametrize("content", [b"", b"ISA", b"hello", b"%PDF-1.7", b"x" * 5000, b"ISA" + b"*" * 200])
def test_what_has_no_envelope_is_no_claim_file(content: bytes) -> None:
    assert kind_of(content) == ""
