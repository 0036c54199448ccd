"""One regular expression a segment: the fast answer to "is it as the guide says?". Only a no is explained, slowly."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from claims_service.formats.x12.guide_lines import Element, ElementUse, SegmentUse, positions

DAY = r"[0-9]{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
MINUTE = r"(?:[01][0-9]|2[0-3])[0-5][0-9]"
TIME = MINUTE + r"(?:[0-5][0-9](?:[0-9]{1,2})?)?"
PERIODS = {"D8": DAY, "RD8": f"{DAY}-{DAY}", "DT": DAY + MINUTE, "TM": MINUTE}


@dataclass(frozen=True, slots=True)
class Marks:
    """The delimiters of one interchange. refused: what no value may hold beside them, as in a regular expression's []."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"
    refused: str = ""

    @property
    def all(self) -> str:
        return self.element + self.component + self.repetition + self.terminator


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one segment. code: X12 data element 621 (IK403). place: "03" or "01-2", empty for the whole."""

    code: str
    place: str
    message: str
    mend: str


@lru_cache(maxsize=4096)
def compiled(use: SegmentUse, marks: Marks) -> re.Pattern[str]:
    """Matches a whole segment that follows its use: order, usage, lengths, types, codes, no trailing empties."""
    tail = "(?<![" + re.escape(marks.element + marks.component) + "])"
    return re.compile(re.escape(use.id) + _list(use.elements, marks.element, marks, first=True) + tail)


@lru_cache(maxsize=256)
def compiled_value(use: ElementUse, marks: Marks) -> re.Pattern[str]:
    """Matches one element's value that follows its use."""
    return re.compile(_value(use, marks))


def _list(uses: Sequence[ElementUse], mark: str, marks: Marks, *, first: bool) -> str:
    """Elements between marks. What follows the last required one nests, so that it may be left off."""
    needed = max((use.position for use in uses if use.required), default=0)
    by_position = {use.position: use for use in uses}
    last = max(by_position)
    text, close = "", 0
    for position in range(1, last + 1):
        separator = re.escape(mark) if first or position > 1 else ""
        if position > needed:
            text += "(?:"
            close += 1
        text += separator
        use = by_position.get(position)
        if use is not None:
            value = _value(use, marks)
            text += value if use.required else f"(?:{value})?"
    return text + ")?" * close


def _value(use: ElementUse, marks: Marks) -> str:
    one = _once(use, marks)
    if use.element.most == 1:
        return one
    return f"{one}(?:{re.escape(marks.repetition)}{one}){{0,{use.element.most - 1}}}"


def _once(use: ElementUse, marks: Marks) -> str:
    if use.codes:
        return "(?:" + "|".join(map(re.escape, use.codes)) + ")"
    if use.element.parts:
        tail = "(?<!" + re.escape(marks.component) + ")"
        return "(?:" + _list(use.parts, marks.component, marks, first=False) + ")" + tail
    return _plain(use.element, marks)


def _plain(element: Element, marks: Marks) -> str:
    least, most = element.shortest, element.longest
    if element.type.startswith("+"):
        return f"(?:{'|'.join(PERIODS[one] for one in element.type[1:].split('+'))})"
    match element.type:
        case "DT":
            return DAY if most == 8 else DAY.replace("{4}", "{2}", 1)
        case "TM":
            return TIME
        case "N0":
            return f"-?[0-9]{{{least},{most}}}"
        case "R":
            return rf"-?(?=[0-9.]{{1,{most + 1}}}(?![0-9.]))(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    refused = re.escape(marks.all) + marks.refused
    return rf"[^\x00-\x1f\x7f{refused}]{{{least},{most}}}"


def faults(use: SegmentUse, elements: Sequence[str], marks: Marks) -> list[Fault]:
    """Every way in which a split segment differs from its use; empty when the pattern matches."""
    found = _faults(use.elements, elements[1:], "", marks)
    if len(elements) > 1 and not elements[-1]:
        found.append(
            Fault("I10", "", "The segment ends in empty elements.", "Drop the delimiters behind the last value.")
        )
    return found + notes(use, elements)


def _faults(uses: Sequence[ElementUse], values: Sequence[str], prefix: str, marks: Marks) -> list[Fault]:
    by_position = {use.position: use for use in uses}
    found = []
    for position in range(1, max(len(values), *by_position) + 1):
        use = by_position.get(position)
        value = values[position - 1] if position <= len(values) else ""
        place = f"{prefix}-{position}" if prefix else f"{position:02}"
        if use is None:
            if value:
                found.append(Fault("I10", place, "The guide does not use this element here.", "Leave it empty."))
        elif not value:
            if use.required:
                name = use.element.name.replace("_", " ")
                found.append(Fault("1", place, f"The {name} is missing.", "Send it: the guide requires it here."))
        elif use.element.parts:
            found += _faults(use.parts, value.split(marks.component), place, marks)
        else:
            found += _repeated_faults(use, value, place, marks)
    return found


def _repeated_faults(use: ElementUse, value: str, place: str, marks: Marks) -> list[Fault]:
    """One fault of each kind at most, though several repetitions may have it."""
    if use.element.most == 1:
        return _value_faults(use, value, place, marks)
    values = value.split(marks.repetition)
    found = {fault.code: fault for one in values for fault in _value_faults(use, one, place, marks)}
    if len(values) > use.element.most:
        name = use.element.name.replace("_", " ")
        message = f"The {name} repeats more than {use.element.most} times."
        found["3"] = Fault("3", place, message, "Leave out the rest.")
    return list(found.values())


def _value_faults(use: ElementUse, value: str, place: str, marks: Marks) -> list[Fault]:
    element, name = use.element, use.element.name.replace("_", " ")
    if use.codes:
        if value in use.codes:
            return []
        some = ", ".join(use.codes[:12]) + (" …" if len(use.codes) > 12 else "")
        return [Fault("7", place, f"The {name} is not a code the guide allows here.", f"Use one of {some}.")]
    if re.fullmatch(_plain(element, marks), value):
        return []
    size = len(value.lstrip("-").replace(".", "")) if element.type in ("R", "N0") else len(value)
    if element.type == "DT" or element.type[:2] in ("+D", "+R"):
        return [Fault("8", place, f"The {name} is not a date.", "Write year, month and day as digits.")]
    if element.type in ("TM", "+TM"):
        return [Fault("9", place, f"The {name} is not a time.", "Write hour and minute as four digits.")]
    if size > element.longest:
        return [Fault("5", place, f"The {name} is longer than {element.longest} characters.", "Shorten it.")]
    if size < element.shortest:
        return [Fault("4", place, f"The {name} is shorter than {element.shortest} characters.", "Lengthen it.")]
    return [Fault("6", place, f"The {name} holds a character that is not allowed there.", "Write it again without it.")]


def notes(use: SegmentUse, elements: Sequence[str]) -> list[Fault]:
    """Broken syntax notes: elements that need or exclude one another."""
    found = []
    for kind, spoken_of in _spoken_of(use.notes):
        there = [len(elements) > at and elements[at] != "" for at in spoken_of]
        if _BROKEN[kind](there):
            names = [f"{use.id}{at:02}" for at in spoken_of]
            code, message, mend = _NOTES[kind]
            message = message.format(all=", ".join(names), first=names[0], rest=" and ".join(names[1:]))
            found.append(Fault(code, f"{spoken_of[0]:02}", message, mend))
    return found


def keeps_pairs(use: SegmentUse) -> Callable[[Sequence[str]], bool] | None:
    """Whether a segment keeps its use's syntax notes, where all are of two elements that belong together; else None."""
    if any(note[0] != "P" or len(note) != len("P0102") for note in use.notes):
        return None
    pairs = [(first, second) for _, (first, second) in _spoken_of(use.notes)]

    def keeps(elements: Sequence[str]) -> bool:
        count = len(elements)
        return all(
            (count > first and elements[first] != "") is (count > second and elements[second] != "")
            for first, second in pairs
        )

    return keeps


@lru_cache(maxsize=1024)
def _spoken_of(notes: tuple[str, ...]) -> tuple[tuple[str, list[int]], ...]:
    return tuple((note[0], positions(note)) for note in notes)


_BROKEN: dict[str, Callable[[list[bool]], bool]] = {
    "P": lambda there: any(there) and not all(there),
    "R": lambda there: not any(there),
    "C": lambda there: there[0] and not all(there),
    "L": lambda there: there[0] and not any(there[1:]),
    "E": lambda there: sum(there) > 1,
}
_NOTES = {
    "P": ("2", "{all} belong together.", "Send them together or not."),
    "R": ("2", "One of {all} must be there.", "Send one of them."),
    "C": ("2", "{first} needs {rest}.", "Send them together, or leave the first out."),
    "L": ("2", "{first} needs one of {rest}.", "Send one of them, or leave the first out."),
    "E": ("10", "{all} exclude one another.", "Send one of them only."),
}
