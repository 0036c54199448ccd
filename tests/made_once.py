"""What every application of the tests would make anew and is always the same: compiled templates and addresses of routes.

Most tests make an application of their own; without this, half of their time goes into compiling the same pages.
"""

from collections.abc import Callable

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class KeptTemplates(BytecodeCache):
    """Each template compiled once a process; its key holds a hash of its text."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def once_a_rule(compiled: Callable[[Rule, bool], Builder]) -> Callable[[Rule, bool], Builder]:
    """The function that builds a route's address takes the route itself as its first argument, so equal routes may share it."""
    kept: dict[tuple[object, ...], Builder] = {}

    def builder(rule: Rule, append_unknown: bool = True) -> Builder:
        place = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults), append_unknown)
        if place not in kept:
            kept[place] = compiled(rule, append_unknown)
        return kept[place]

    return builder


def share() -> None:
    """For the whole process; called once, before the first application is made."""
    Flask.jinja_options = {"bytecode_cache": KeptTemplates()}
    Rule._compile_builder = once_a_rule(Rule._compile_builder)  # type: ignore[assignment, method-assign]
