"""The answer to a dispute as a letter, folded into a window envelope."""

from functools import partial

from claims_service.domain.money import spoken
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient.dispute_letter import Letter, asked, heading, next_steps, not_agreed
from claims_service.domain.patient.wording import long_date
from claims_service.formats.documents.press import address_lines, pdf, sender_of
from claims_service.words import say


def letter_pdf(letter: Letter, language: str) -> bytes:
    """The same letter always gives the same bytes."""

    _ = partial(say, language)

    phone = spoken_phone(letter.sender.phone)
    rows = [
        [line.words, spoken(line.before_cents), spoken(-line.off_cents), spoken(line.now_cents)]
        for line in letter.lines
    ]
    if len(rows) > 1:
        sums = (letter.before_cents, -letter.off_cents, letter.now_cents)
        rows.append([_("Together"), *map(spoken, sums)])
    content = {
        "lang": language,
        "title": _("Our answer to %(number)s", number=letter.number) + f", {letter.sender.name}",
        "page_words": _("Page {page} of {pages}") + f", {letter.number}",
        "sender": sender_of(letter.sender),
        "to": {"name": letter.patient, "lines": address_lines(letter.address)},
        "numbered": f"{letter.number}, {long_date(letter.made_on, language)}",
        "heading": heading(letter, language),
        "asked": asked(letter, language),
        "head": [
            _("Service"), _("Your share before"), _("Changed by"),
            _("Your share now"),
        ],
        "rows": rows,
        "parts": [
            (_("What we found"), letter.words.splitlines()),
            (_("What happens now"), [next_steps(letter, language)]),
            (_("You do not agree?"), [not_agreed(letter, language)]),
            (_("Questions?"), [_("Call us: %(phone)s. Large print is free.", phone=phone)]),
        ],
    }  # fmt: skip
    return pdf("letter.typ", content, letter.made_on)
