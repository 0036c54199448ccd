"""What comes again word for word in runs that are alike: such segments need neither splitting nor checking a second time."""

from collections.abc import Callable, Sequence
from operator import itemgetter

from claims_service.formats.x12.node import Segment

SAMPLES = 8  # runs that are looked at before it is decided which segments change from run to run
FEWEST = 4  # segments that must come again, or it isn't worth it
MOST_TEXTS = 256
MOST_MISSED = 64
MOST_TRIES = 3


class Refrain:
    """The segments of one kind of run that come again. fresh: the places of those that don't."""

    __slots__ = ("_met", "_missed", "_pick", "_samples", "_separator", "_texts", "_tries", "fresh")

    def __init__(self, separator: str) -> None:
        self._separator = separator
        self._pick: Callable[[Sequence[str]], tuple[str, ...]] | None = None
        self._samples: list[Sequence[str]] = []
        self._texts: dict[str, list[Segment]] = {}
        self._met = self._missed = self._tries = 0
        self.fresh: tuple[int, ...] = ()

    def recall(self, raws: Sequence[str]) -> list[Segment] | None:
        """The run's segments, split, with an empty one at each fresh place; None if it was not met so before."""
        if self._pick is None:
            return None
        found = self._texts.get(self._separator.join(self._pick(raws)))
        if found is None:
            self._missed += 1
            if self._missed > MOST_MISSED and self._missed > self._met:
                self._start_again()
            return None
        self._met += 1
        return found.copy()

    def learn(self, raws: Sequence[str], segments: Sequence[Segment]) -> None:
        """Remember a run in which every segment follows its use."""
        if self._tries >= MOST_TRIES:
            return
        if self._pick is None:
            self._samples.append(raws)
            if len(self._samples) < SAMPLES:
                return
            self._decide()
        if self._pick is None:
            return
        if len(self._texts) >= MOST_TEXTS:
            self._texts.clear()
        kept = list(segments)
        for at in self.fresh:
            kept[at] = []
        self._texts[self._separator.join(self._pick(raws))] = kept

    def _decide(self) -> None:
        columns = list(zip(*self._samples, strict=True))
        self._samples.clear()
        self.fresh = tuple(at for at, column in enumerate(columns) if len(set(column)) == SAMPLES)
        again = [at for at in range(len(columns)) if at not in self.fresh]
        if len(again) >= FEWEST:
            self._pick = itemgetter(*again)
        else:
            self._tries = MOST_TRIES

    def _start_again(self) -> None:
        self._texts.clear()
        self._pick = None
        self._tries += 1
        self._met = self._missed = 0
