"""Who does something: a person, a key or a job. Named in the journal and the audit trail by id, never by patient data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """name: "user:3", "patient:12", "key:2", "job:statements" or "command". address: where from, for the audit trail."""

    name: str
    role: str
    address: str = ""


COMMAND = Actor("command", "command")
