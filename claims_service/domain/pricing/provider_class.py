"""The class of a provider that a contract may pay differently, told by the taxonomy code."""

from collections.abc import Mapping

CLASSES: Mapping[str, str] = {
    "MD": "physicians",
    "NP": "nurse practitioners",
    "PA": "physician assistants",
    "CNS": "clinical nurse specialists",
    "CNM": "nurse midwives",
    "CRNA": "nurse anesthetists",
    "PSY": "psychologists",
    "LCSW": "clinical social workers",
    "LPC": "counselors",
    "LMFT": "marriage and family therapists",
    "PT": "physical therapists",
    "OT": "occupational therapists",
    "SLP": "speech-language pathologists",
    "AUD": "audiologists",
    "RD": "dietitians",
    "DC": "chiropractors",
    "DPM": "podiatrists",
    "OD": "optometrists",
    "DDS": "dentists",
}
# The longest beginning of a code set by NUCC decides.
_BEGINNINGS = {
    "20": "MD", "363L": "NP", "363A": "PA", "364S": "CNS", "367A": "CNM", "3675": "CRNA", "103": "PSY", "1041": "LCSW",
    "101Y": "LPC", "106H": "LMFT", "2251": "PT", "225X": "OT", "235Z": "SLP", "231H": "AUD", "133V": "RD", "111N": "DC",
    "213E": "DPM", "152W": "OD", "1223": "DDS",
}  # fmt: skip


def provider_class(taxonomy: str) -> str:
    """The class of a taxonomy code; empty for one that no contract here tells apart."""
    return next((_BEGINNINGS[taxonomy[:n]] for n in (4, 3, 2) if taxonomy[:n] in _BEGINNINGS), "")
