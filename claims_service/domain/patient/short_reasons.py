"""Why a part of the price is the patient's, in a few words: for a table or a sum."""

from claims_service.domain.patient.invoice import TAKEN_OFF, Reason
from claims_service.words import said, say

_BY_WORDS = {
    said("deductible"): "1 66 178 247",
    said("coinsurance"): "2 248",
    said("copay"): "3 142 241",
    said("not covered"): "46 49 51 55 96 111 117 157 158 159 160 167 202 204 289 B1",
    said("not insured"): "26 27 31 32 33 34 140 177 179 180 200 238 257 277",
    said("limit reached"): "35 119 149 273",
    said("not in your plan’s network"): "38 242 279",
    said("above your plan’s price"): "45 169",
    said("no approval by your plan"): "61 197 198 243 A6",
    said("not needed, says your plan"): "50",
    said("your plan waits for you"): "22 106 227",
    said("another insurer’s part"): "19 20 21",
    said("not paid by your second plan"): "275",
    said("your plan paid somebody else"): "100 293 294",
    said("from money set aside for you"): "201 P3",
    said("not covered in custody"): "258",
}
_GENERAL = said("left to you by your plan")
_SHORT = {code: words for words, codes in _BY_WORDS.items() for code in codes.split()}


def short_reason(reason: Reason, language: str) -> str:
    """By the CARC (X12 external list 139); one the table does not name is what the plan left to the patient."""
    if reason.group + reason.code == TAKEN_OFF:
        return taken_off(language)
    if reason.group == "":
        return say(language, "no plan")
    return say(language, _SHORT.get(reason.code, _GENERAL))


def taken_off(language: str) -> str:
    """The words for what the clinic gave up of a share."""
    return say(language, "what we took off")
