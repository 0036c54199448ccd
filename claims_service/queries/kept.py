"""What was made of values that never change, kept in memory up to a number of bytes."""

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

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
        with self._lock:
            if (found := self._things.get(key)) is not None:
                self._things.move_to_end(key)
                return found[0]
        thing = make()
        size = _ENTRY + self._weigh(thing) + sum(sys.getsizeof(part) for part in key)
        with self._lock:
            if size <= self._most and key not in self._things:
                self._things[key] = (thing, size)
                self.bytes += size
                while self.bytes > self._most:
                    self.bytes -= self._things.popitem(last=False)[1][1]
        return thing
