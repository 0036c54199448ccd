"""The fixtures of these tests."""

from tests.access.fixtures import app, clinics, clock, ours, settings, theirs

__all__ = ["app", "clinics", "clock", "ours", "settings", "theirs"]
