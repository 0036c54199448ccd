"""Whether segments are as their uses ask (SNIP levels 1 and 2): one pattern each, and nothing at all for one met before."""

from collections.abc import Sequence

from claims_service.formats.x12.envelope import EnvelopeCheck
from claims_service.formats.x12.guide_lines import SegmentUse
from claims_service.formats.x12.layout import Ahead, Matcher
from claims_service.formats.x12.node import Segment
from claims_service.formats.x12.pattern import Marks, compiled, faults, keeps_pairs, notes

MOST_KNOWN = 4096


class ElementCheck:
    """Checks the segments of one interchange after another; what is wrong becomes findings of `check`."""

    def __init__(self, check: EnvelopeCheck) -> None:
        self._check = check
        self._marks = Marks()
        self._matches: dict[SegmentUse, Matcher] = {}
        self._known: dict[str, SegmentUse] = {}  # segments that follow their use, word for word: many come again

    def begin(self, marks: Marks) -> None:
        """Another interchange, perhaps with other delimiters."""
        self._marks = marks
        self._matches.clear()
        self._known.clear()

    def one(self, use: SegmentUse, raw: str, elements: Segment) -> None:
        """Check one segment, that at hand by `check`."""
        if self._known.get(raw) is not use:
            self._explain(use, raw, elements)

    def follow(
        self, raws: Sequence[str], segments: Sequence[Segment], ahead: Ahead, behind: int, places: Sequence[int] = ()
    ) -> bool:
        """Check a run that came as foreseen. behind: how many segments of the transaction stand before it.

        places: of the segments to look at; empty for all, which are remembered then.

        Returns:
            Whether all are as their uses ask.
        """
        known, tests, good = self._known, ahead.tests, True
        if not tests:
            uses = [move.use for move in ahead.moves]
            tests += [(use, self._matcher(use), use.before_notes, keeps_pairs(use)) for use in uses]
        if places:
            for at in places:
                use, match, most, keeps = tests[at]
                elements = segments[at]
                if not ((len(elements) - 1 <= most or (keeps and keeps(elements))) and match(raws[at])):
                    self._check.segment = behind + at + 1
                    good = self._explain(use, raws[at], elements) and good
        else:
            for at, (raw, (use, match, most, keeps), seen) in enumerate(
                zip(raws, tests, map(known.get, raws), strict=False)
            ):
                if seen is use:
                    continue
                elements = segments[at]
                if (len(elements) - 1 <= most or (keeps and keeps(elements))) and match(raw):
                    self._remember(raw, use)
                else:
                    self._check.segment = behind + at + 1
                    good = self._explain(use, raw, elements) and good
        return good

    def _remember(self, raw: str, use: SegmentUse) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[raw] = use

    def _matcher(self, use: SegmentUse) -> Matcher:
        match = self._matches.get(use)
        if match is None:
            match = self._matches[use] = compiled(use, self._marks).fullmatch
        return match

    def _explain(self, use: SegmentUse, raw: str, elements: Segment) -> bool:
        """Remember a segment that is as its use asks; say what is wrong with another, and whether it was none."""
        if self._matcher(use)(raw):
            found = [] if len(elements) - 1 <= use.before_notes else notes(use, elements)
            if not found:
                self._remember(raw, use)
                return True
        elif self._check.full:
            return False
        else:
            found = faults(use, elements, self._marks)
        for fault in found:
            element = f"{use.id}{fault.place}" if fault.place else use.id
            self._check.add(f"IK403={fault.code}", fault.message, fault.mend, loop=use.loop, segment=use.id,
                            element=element, level=1 if fault.code in ("4", "5", "6", "8", "9") else 2)  # fmt: skip
        return False
