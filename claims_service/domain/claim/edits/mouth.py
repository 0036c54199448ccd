"""Where a tooth stands, in universal numbering: 1 to 32 from the upper right to the lower right, A to T for milk teeth."""

MILK = frozenset("ABCDEFGHIJKLMNOPQRST")
FRONT = frozenset(
    [*map(str, (*range(6, 12), *range(22, 28))), *"CDEFGHMNOPQR"]
)  # fmt: skip
PREMOLARS = frozenset(map(str, (4, 5, 12, 13, 20, 21, 28, 29)))
MOLARS = frozenset(map(str, (*range(1, 4), *range(14, 20), *range(30, 33))))
_QUADRANTS = {
    "10": frozenset([*map(str, range(1, 9)), *"ABCDE"]), "20": frozenset([*map(str, range(9, 17)), *"FGHIJ"]),
    "30": frozenset([*map(str, range(17, 25)), *"KLMNO"]), "40": frozenset([*map(str, range(25, 33)), *"PQRST"]),
}  # fmt: skip


def place_of(number: str) -> str:
    """The tooth a number stands at: one too many ("58", "CS") stands at the one beside it ("8", "C")."""
    if number[:1] in MILK:
        return number[:1]
    return str(int(number) - 50) if number.isdigit() and int(number) > 50 else number


def quadrant_of(number: str) -> str:
    """10 upper right, 20 upper left, 30 lower left, 40 lower right (837D SV304)."""
    return next((area for area, teeth in _QUADRANTS.items() if place_of(number) in teeth), "")
