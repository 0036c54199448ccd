"""Writes segments through a guide: each form is a segment with its constants set, checked as a whole against its use."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from claims_service.domain.errors import Rejected
from claims_service.formats.x12.findings import Finding, Severity, errors
from claims_service.formats.x12.guide import guide, segment_definitions
from claims_service.formats.x12.guide_lines import ElementUse, SegmentUse, element_uses
from claims_service.formats.x12.pattern import Marks, compiled, compiled_value, faults, notes
from claims_service.formats.x12.plain import name_text

# No value holds a mark: a segment with one more of them than its form is refused. Only ASCII is sent.
MARKS = Marks(refused=r"\x80-\U0010ffff")
_TEXT_FIELDS = frozenset(
    {"last", "first", "middle", "suffix", "name", "street", "street2", "city", "text", "description", "plan"}
)
Party = TypeVar("Party")
_LOOSE = re.compile(r"[*:^~\x00-\x1f\x7f-\U0010ffff]")
_EMPTY_PARTS = re.compile(r":+(?=\*|$)")
MOST_KNOWN = 8192


class Form:
    """One segment of one loop to be filled in.

    fields: the elements to send in the guide's names; NAME=CODE is constant, the others are given in that order.
    apart: the one of them that hardly comes twice, such as a control number. It is checked by itself, so that the rest
    of the segment is known from the last time: `around` holds what stands before and behind it.
    """

    __slots__ = (
        "apart", "around", "elements", "fits", "is_last", "known", "match", "names", "notes", "parts", "template", "texts", "use",
    )  # fmt: skip

    def __init__(self, use: SegmentUse, fields: str, apart: str = "") -> None:
        self.use = use
        chosen = element_uses(fields, use.definition.elements, f"{use.loop} {use.id}")
        self.names: list[str] = []
        self.template = use.id + "".join(
            _slots(chosen, use.elements, MARKS.element, self.names, f"{use.loop} {use.id}")
        )
        self.texts = tuple(i for i, name in enumerate(self.names) if name in _TEXT_FIELDS)
        self.elements = self.template.count(MARKS.element)
        self.parts = self.template.count(MARKS.component)
        self.match = compiled(use, MARKS).fullmatch
        self.notes = use.before_notes < max(one.position for one in chosen)
        self.known: dict[tuple[str, ...], str] = {}
        self.around: dict[tuple[str, ...], tuple[str, str]] = {}
        self.apart = self.names.index(apart) if apart else None
        self.is_last = self.apart == len(self.names) - 1
        if self.apart is not None:
            own = next(one for one in use.elements if one.element.name == apart)
            if self.apart in self.texts or own.codes or own.element.parts:
                raise ValueError(f"{use.loop} {use.id}: {apart} can't be checked apart")
            self.fits = compiled_value(own, MARKS).fullmatch

    def learn(self, values: tuple[str, ...], text: str) -> None:
        """Remember a segment that follows the guide."""
        at = self.apart
        if len(self.known) + len(self.around) >= MOST_KNOWN:
            self.known.clear()
            self.around.clear()
        if at is None:
            self.known[values] = text
        elif values[at]:
            element = self.template.replace("%s", "\0", at).partition("%s")[0].count(MARKS.element)
            pieces = text.split(MARKS.element)
            before, behind = pieces[:element], pieces[element + 1 :]
            self.around[values[:at] + values[at + 1 :]] = (
                MARKS.element.join([*before, ""]),
                MARKS.element.join(["", *behind]),
            )

    def fill(self, values: tuple[str, ...]) -> str | None:
        """The segment; None when a value breaks the guide."""
        text = self.template % values
        if text.count(MARKS.element) != self.elements or text.count(MARKS.component) != self.parts:
            return None
        if self.parts:
            text = _EMPTY_PARTS.sub("", text)
        text = text.rstrip(MARKS.element)
        if self.match(text) is None or (self.notes and notes(self.use, text.split(MARKS.element))):
            return None
        return text


def form(guide_name: str, loop_id: str, segment_id: str, fields: str, apart: str = "") -> Form:
    """The form of a segment; the constant of its key element picks the use.

    Raises:
        KeyError, ValueError: the guide has no such segment, element or code there.
    """
    key = segment_definitions()[segment_id].key
    pattern = r"\w+=(\S+)" if key == 1 else r".*level=(\S+)" if key > 1 else r"\w+\{qualifier=(\w+)"
    match = re.match(pattern, fields) if key else None
    return Form(guide(guide_name).use(loop_id, segment_id, match[1] if match else ""), fields, apart)


def _slots(
    chosen: Sequence[ElementUse], allowed: Sequence[ElementUse], mark: str, names: list[str], where: str
) -> list[str]:
    """One "mark + value or %s" for each position up to the last that is chosen."""
    by_position: Mapping[int, ElementUse] = {use.position: use for use in chosen}
    legal = {use.position: use for use in allowed}
    slots = []
    for position in range(1, max(by_position) + 1):
        use = by_position.get(position)
        text = ""
        if use is not None:
            if position not in legal or (
                use.codes and legal[position].codes and use.codes[0] not in legal[position].codes
            ):
                raise ValueError(f"{where}: the guide does not allow {use.element.name}")
            if use.parts:
                text = "".join(_slots(use.parts, legal[position].parts, MARKS.component, names, where))
                text = text.removeprefix(MARKS.component)
            elif use.codes:
                text = use.codes[0]
            else:
                names.append(use.element.name)
                text = "%s"
        slots.append(mark + text)
    return slots


class Writer:
    """Collects the segments of one interchange. `findings` says what was mapped or refused; nothing refused is sent."""

    __slots__ = ("_blocks", "alike", "findings", "lines")

    def __init__(self) -> None:
        self._blocks: dict[int, tuple[object, str]] = {}
        self.alike: dict[tuple[object, ...], tuple[str, str, object]] = {}
        self.lines: list[str] = []
        self.findings: list[Finding] = []

    def add(self, form: Form, *values: str) -> None:
        """Write a segment, its values in the order of the form's fields."""
        at = form.apart
        if at is None:
            text = form.known.get(values)
            self.lines.append(self._make(form, values) if text is None else text)
            return
        around = form.around.get(values[:-1] if form.is_last else values[:at] + values[at + 1 :])
        if around and form.fits(values[at]):
            self.lines.append(around[0] + values[at] + around[1])
        else:
            self.lines.append(self._make(form, values))

    def frame(self, form: Form, *values: str) -> tuple[str, str]:
        """What stands before and behind the value apart in a form whose other values are our own and never refused."""
        text, at = self._make(form, values), form.apart
        assert at is not None
        return form.around.get(values[:at] + values[at + 1 :]) or (text, "")

    def add_once(self, party: Party, write: Callable[["Writer", Party], None]) -> None:
        """What `write` adds for a party, remembered for the next claim that holds the same object; one role each."""
        known = self._blocks.get(id(party))
        if known:
            self.lines.append(known[1])
            return
        text = self._written(party, write)
        if text is not None:  # with the party itself, so that no other takes its id
            self._blocks[id(party)] = (party, text)

    def keep_alike(self, said: tuple[object, ...], written: tuple[str, str, object]) -> None:
        """Remember within the file what was written of all that is said: what stands before and behind a name.

        With the object whose id is in `said`, so that no other takes it.
        """
        if len(self.alike) >= MOST_KNOWN:
            self.alike.clear()
        self.alike[said] = written

    def _written(self, party: Party, write: Callable[["Writer", Party], None]) -> str | None:
        """The segments that `write` adds; None if there is something to say of them."""
        first, found = len(self.lines), len(self.findings)
        write(self, party)
        return MARKS.terminator.join(self.lines[first:]) if len(self.findings) == found else None

    def _make(self, form: Form, values: tuple[str, ...]) -> str:
        changed, sent = [], values
        if form.texts:
            mended = list(values)
            for i in form.texts:
                mended[i], lossy = name_text(values[i])
                if lossy:
                    changed.append(form.names[i])
            sent = tuple(mended)
        text = form.fill(sent)
        for name in changed:
            self._note(form, name)
        if text is None:
            self._refuse(form, sent)
            return form.use.id
        if not changed:
            form.learn(values, text)
        return text

    def _note(self, form: Form, name: str) -> None:
        label = name.replace("_", " ")
        message = f"The {label} was sent in plain letters: X12 has no accents and keeps its delimiters for itself."
        mend = "Nothing to do, unless the insurer must see it spelled so."
        self.findings.append(_finding(form, "IK403=6", "notice", form.use.id, message, mend))

    def refuse(self, form: Form, message: str, mend: str, element: str = "") -> None:
        """Note that a segment can't be sent; the file will not be made."""
        self.findings.append(_finding(form, "IK403=6", "error", element or form.use.id, message, mend))

    def _refuse(self, form: Form, values: tuple[str, ...]) -> None:
        loose = [name for name, value in zip(form.names, values, strict=True) if _LOOSE.search(value)]
        for name in loose:
            label = name.replace("_", " ")
            self.refuse(form, f"The {label} holds a character that X12 can't carry.", "Write it without.")
        if not loose:
            text = _EMPTY_PARTS.sub("", form.template % values).rstrip(MARKS.element)
            for fault in faults(form.use, text.split(MARKS.element), MARKS):
                self.refuse(form, fault.message, fault.mend, f"{form.use.id}{fault.place}")

    def text(self, segments: Sequence[str]) -> str:
        """The segments, each with its terminator.

        Raises:
            Rejected: as `stop_if_refused`.
        """
        self.stop_if_refused()
        return MARKS.terminator.join([*segments, ""])

    def stop_if_refused(self) -> None:
        """Raises Rejected if a value had to be refused; with every such problem."""
        refused = errors(self.findings)
        if refused:
            raise Rejected([finding.problem() for finding in refused])


def _finding(form: Form, rule: str, severity: Severity, element: str, message: str, mend: str) -> Finding:
    return Finding(rule, severity, 1, form.use.loop, form.use.id, 0, element, message, mend)
