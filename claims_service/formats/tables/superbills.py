"""The superbills of mappings/superbills, a file a specialty."""

import functools
import tomllib
from collections.abc import Iterable

from claims_service.config import data_folder
from claims_service.domain.superbill import Group, Superbill, entry


@functools.cache
def published() -> tuple[Superbill, ...]:
    """All of them, by the names of their files."""
    return tuple(found for found, _ in _files())


def for_taxonomies(taxonomies: Iterable[str]) -> tuple[Superbill, ...]:
    """Those whose specialty somebody here has; all where none fits."""
    wanted = tuple(taxonomies)
    fitting = tuple(found for found, starts in _files() if any(code.startswith(starts) for code in wanted))
    return fitting or published()


@functools.cache
def _files() -> tuple[tuple[Superbill, tuple[str, ...]], ...]:
    """Each with the beginnings of the taxonomy codes it is for."""
    made = []
    for path in sorted((data_folder("mappings") / "superbills").glob("*.toml")):
        told = tomllib.loads(path.read_text("utf-8"))
        groups = tuple(
            Group(group["title"], group["set"], tuple(entry(line, group["set"]) for line in group["codes"]))
            for group in told["group"]
        )
        made.append((Superbill(told["name"], groups, path.stem), tuple(told["taxonomies"])))
    return tuple(made)
