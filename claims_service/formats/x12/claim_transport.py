"""Ambulance rides on a professional claim or line: CR1, CRC*07 and the addresses of pick-up and drop-off."""

from claims_service.domain.claim.circumstances import Ambulance
from claims_service.formats.x12.claim_levels import AddressForms
from claims_service.formats.x12.plain import quantity_text
from claims_service.formats.x12.writer import Writer, form

MOST_CONDITIONS = 5


class AmbulanceForms:
    """The ride's segments in `loop` (2300 or 2400) and its two address loops."""

    __slots__ = ("addresses", "certified", "drop_off", "pick_up", "ride")

    def __init__(self, loop: str, pick_up: str, drop_off: str) -> None:
        self.ride = form(
            "837p", loop, "CR1", "weight_unit weight reason distance_unit=DH distance round_trip stretcher"
        )
        conditions = " ".join(f"condition{i}" for i in range(1, MOST_CONDITIONS + 1))
        self.certified = form("837p", loop, "CRC", f"category=07 applies {conditions}")
        self.pick_up = form("837p", pick_up, "NM1", "entity=PW entity_type=2")
        self.drop_off = form("837p", drop_off, "NM1", "entity=45 entity_type=2 last")
        self.addresses = AddressForms("837p", pick_up), AddressForms("837p", drop_off)

    def write_ride(self, out: Writer, ride: Ambulance) -> None:
        if ride.reason:
            weight = "" if ride.weight_lb is None else quantity_text(ride.weight_lb)
            out.add(self.ride, "LB" if weight else "", weight, ride.reason, quantity_text(ride.miles),
                    ride.round_trip, ride.stretcher)  # fmt: skip

    def write_conditions(self, out: Writer, ride: Ambulance) -> None:
        if ride.conditions:
            if len(ride.conditions) > MOST_CONDITIONS:
                out.refuse(self.certified, "More than five conditions of one ride.", "Keep the five that matter most.")
            applies = "Y" if ride.conditions_apply else "N"
            out.add(self.certified, applies, *(*ride.conditions, "", "", "", "")[:MOST_CONDITIONS])

    def write_places(self, out: Writer, ride: Ambulance) -> None:
        if ride.pick_up:
            out.add(self.pick_up)
            self.addresses[0].write(out, ride.pick_up)
        if ride.drop_off:
            out.add(self.drop_off, ride.drop_off_name)
            self.addresses[1].write(out, ride.drop_off)
