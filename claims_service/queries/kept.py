"""What was made of values that never change, or of reads that give the same, kept in memory up to a number of bytes."""

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from claims_service.store import connection
from claims_service.store.reads import Reads, noting

Made = TypeVar("Made")
_ENTRY = 512  # bytes that an entry takes beside its words


class Kept(Generic[Made]):
    """What was asked for least lately goes first.

    The key holds everything the thing is made of, words and all, never an id alone: what is kept can stand for nothing else.
    """

    def __init__(self, most_bytes: int, weigh: Callable[[Made], int] = sys.getsizeof) -> None:
        self._most, self._weigh = most_bytes, weigh
        self._things: OrderedDict[tuple[object, ...], tuple[Made, int]] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = 0

    def made(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """The thing of this key; made now unless it is still there. Two who ask at once may both make it."""
        if (found := self.get(key)) is not None:
            return found
        thing = make()
        self.put(key, thing)
        return thing

    def get(self, key: tuple[object, ...]) -> Made | None:
        """The thing of this key, if it is still there."""
        with self._lock:
            if (found := self._things.get(key)) is None:
                return None
            self._things.move_to_end(key)
            return found[0]

    def put(self, key: tuple[object, ...], thing: Made) -> None:
        """In place of what was there."""
        size = _ENTRY + self._weigh(thing) + sum(sys.getsizeof(part) for part in key)
        with self._lock:
            self.bytes -= self._things.pop(key, (None, 0))[1]
            if size <= self._most:
                self._things[key] = (thing, size)
                self.bytes += size
                while self.bytes > self._most:
                    self.bytes -= self._things.popitem(last=False)[1][1]


@dataclass(frozen=True, slots=True)
class _OfReads(Generic[Made]):
    thing: Made
    reads: Reads
    gave: tuple[str | None, ...]


class KeptOfReads(Generic[Made]):
    """What was made of reads, kept while the same reads give the same rows, which one statement tells.

    The key holds everything else that the thing is made of.
    """

    def __init__(self, most_bytes: int, weigh: Callable[[Made], int] = sys.getsizeof) -> None:
        self._kept: Kept[_OfReads[Made]] = Kept(
            most_bytes, lambda kept: weigh(kept.thing) + sum(sys.getsizeof(text) for text in kept.gave)
        )

    def made(
        self, key: tuple[object, ...], make: Callable[[], Made], good: Callable[[Made], bool] = lambda _: True
    ) -> Made:
        """The thing of this key; made now where it was not, where a row is another by now, or where it is no longer good."""
        found = self._kept.get(key)
        if found is not None and connection.answer(found.reads) == found.gave and good(found.thing):
            return found.thing
        with connection.snapshot():
            with noting() as reads:
                thing = make()
            gave = connection.answer(reads)
        self._kept.put(key, _OfReads(thing, reads, gave))
        return thing
