"""Files that came with a form, read no further than we take."""

from flask import request

from claims_service.formats.attachments import MOST_BYTES, SentFile

MOST_AT_ONCE = 10


def sent_files(name: str = "file") -> tuple[SentFile, ...]:
    """What was chosen in a field; one more than we take shows that there were too many."""
    chosen = [file for file in request.files.getlist(name) if file.filename][: MOST_AT_ONCE + 1]
    return tuple(SentFile(file.filename or "", file.stream.read(MOST_BYTES + 1)) for file in chosen)
