"""The line to the sandbox insurers: it answers out of their own plans and what they have decided so far."""

import tomllib
from datetime import datetime
from functools import cached_property
from pathlib import Path

from claims_service.gateways.inquiry import NoAnswer
from claims_service.gateways.sandbox_insurer import SandboxInsurer, load_plan


class SandboxLine:
    """fixtures: the folder of the insurers' plans. memory: the folder where each keeps its state."""

    def __init__(self, fixtures: Path, memory: Path) -> None:
        self._fixtures, self._memory = fixtures, memory

    @cached_property
    def _keys(self) -> dict[str, str]:
        """Name of the plan's file by the insurer's id on the envelope."""
        found = sorted(self._fixtures.glob("*.toml"))
        return {tomllib.loads(file.read_text("utf-8"))["sender_id"]: file.stem for file in found}

    def reaches(self, receiver: str) -> bool:
        """The sandbox insurers and nobody else."""
        return receiver in self._keys

    def ask(self, receiver: str, question: bytes, *, kind: str, now: datetime) -> bytes:
        """Answered at once.

        Raises:
            NoAnswer: there is no such insurer here, or it can't read the question.
        """
        key = self._keys.get(receiver)
        if key is None:
            raise NoAnswer("This insurer answers no questions in real time.")
        insurer = SandboxInsurer(load_plan(self._fixtures, key, today=now.date()), self._memory / f"{key}.json")
        try:
            return insurer.answer(question, now).content
        except ValueError:
            raise NoAnswer(f"The insurer could not read the {kind}.") from None
