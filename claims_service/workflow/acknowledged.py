"""Our own TA1 and 999 for a file that came in, for the steps that take files in. Not a step itself."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from claims_service.domain.errors import Rejected
from claims_service.domain.receiver import MAILBOX, remote_name
from claims_service.formats.x12.acknowledgements import write_999, write_ta1
from claims_service.formats.x12.interchange import Interchange
from claims_service.formats.x12.own_answers import answers_to, back_to_sender, first_isa
from claims_service.store import counters, deliveries, files, parties, receivers
from claims_service.workflow.incoming import IncomingFile


def acknowledge(practice: int, incoming: IncomingFile, *, by: str, now: datetime) -> tuple[int, ...]:
    """Keep what we answer for its sender to fetch, or on its way to their folder; inside the caller's transaction.

    A TA1 where the sender asks for one (ISA14) or the interchange is refused, a 999 for its groups; nothing for TA1s and
    999s, nor where the sender can't be told.

    Returns:
        The ids of the files made.
    """
    envelopes, groups = answers_to(incoming.stream())
    asked = tuple(one for one in envelopes if one.code == "R" or one.wanted)
    made: list[tuple[str, Callable[[Interchange], bytes]]] = []
    if asked:
        made.append(("TA1", lambda back: write_ta1(back, asked)))
    if groups:
        made.append(("999", lambda back: write_999(back, groups)))
    written_at = now.astimezone(ZoneInfo(parties.zone(practice)))
    isa = first_isa(incoming.stream())
    try:
        for _, write in made:
            write(back_to_sender(isa, 1, written_at))
    except Rejected:
        return ()
    return tuple(_keep(practice, incoming.payer, isa, kind, write, written_at, by=by) for kind, write in made)


def _keep(
    practice: int,
    payer: int | None,
    isa: Sequence[str],
    kind: str,
    write: Callable[[Interchange], bytes],
    written_at: datetime,
    *,
    by: str,
) -> int:
    control = counters.next_values(practice, "interchange")[0]
    back = back_to_sender(isa, control, written_at)
    name = f"{back.receiver}-{written_at:%Y%m%d}-{control:09}.{kind.lower()}"
    new = files.NewFile("out", kind, name, write(back), payer, f"{control:09}", str(control))
    file = files.add(practice, new, by=by, at=written_at)
    routes = {route.identifier: route for route in receivers.every(practice) if route.route != MAILBOX}
    if route := routes.get(back.receiver):
        deliveries.add(practice, file, route.id, remote_name(back.sender, f"{control}", file, kind), at=written_at)
    return file
