"""Photos and papers people send along: told apart by their first bytes, never by their name."""

import re
import unicodedata
from dataclasses import dataclass

from claims_service.domain.errors import Problem, Rejected
from claims_service.words import said

MOST_BYTES = 10 * 1024 * 1024
JPEG, PNG, WEBP, HEIC, PDF = "image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf"
ENDINGS = {JPEG: ".jpg", PNG: ".png", WEBP: ".webp", HEIC: ".heic", PDF: ".pdf"}
_HEIC_BRANDS = (b"heic", b"heix", b"heif", b"mif1", b"msf1")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class SentFile:
    """A photo or PDF as it was uploaded."""

    name: str
    content: bytes


def kind_of(content: bytes) -> str | None:
    """The media type of a photo or PDF, None for anything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    return PDF if content.startswith(b"%PDF-") else None


def checked(sent: SentFile) -> tuple[str, str]:
    """(safe name with the ending of its kind, media type).

    Raises:
        Rejected: too large, or neither a photo nor a PDF.
    """
    name, content = sent.name, sent.content
    if len(content) > MOST_BYTES:
        raise Rejected([Problem("file", said("The file is larger than 10 MB. Send a smaller photo."))])
    kind = kind_of(content)
    if kind is None:
        raise Rejected([Problem("file", said("Send a photo (JPEG, PNG, WebP, HEIC) or a PDF."))])
    plain = unicodedata.normalize("NFKC", name).replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or name
    stem = re.sub(r"[^\w -]+", "-", plain).strip(" -_")[:_LONGEST_NAME] or "file"
    return stem + ENDINGS[kind], kind
