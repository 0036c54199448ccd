"""Which worker runs a test: any, but those that look at one run of the demo go to one worker, which makes it once.

The marks of pytest-xdist for this have no effect under pytest 9.2, so the files are named here.
"""

from xdist.scheduler import LoadScopeScheduling

LOOK_AT_THE_DEMO = {"tests/test_demo.py"}


class DemoOnOneWorker(LoadScopeScheduling):  # type: ignore[misc]
    """Each test by itself, those of the demo together."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file in LOOK_AT_THE_DEMO else nodeid
