"""How states, files, reasons and steps are called on the staff pages."""

from claims_service.domain.claim import comparison, lifecycle
from claims_service.domain.ledger.accounts import BY_NAME
from claims_service.queries import codes
from claims_service.queries.claim_list import Listed
from claims_service.queries.claim_money import Money, Reason

# state -> (kind of status, words); what is decided is told by its money, below
_STATES = {
    lifecycle.NEEDS_MENDING: ("look", "Stopped by checks"),
    lifecycle.READY: ("draft", "Ready to send"),
    lifecycle.SENT: ("waiting", "Sent"),
    lifecycle.RECEIVED: ("waiting", "File received"),
    lifecycle.ACCEPTED: ("waiting", "Accepted"),
    lifecycle.SENT_BACK: ("no", "Sent back"),
    lifecycle.REPLACED: ("draft", "Replaced"),
    lifecycle.VOID: ("draft", "Void"),
}
KINDS = comparison.KINDS
SEQUENCES = {"P": "first payer", "S": "second payer", "T": "third payer", "N": "patient pays"}
VIEWS = {
    "needs": "Needs me",
    "ready": "Ready to send",
    "insurer": "With insurers",
    "silent": "No answer",
    "denied": "Denied",
    "next_plan": "Next plan",
    "patient": "Patients owe",
    "all": "All",
}
OTHER_VIEWS = {"stopped": "Stopped by checks", "sent_back": "Sent back"}
QUEUES = {
    "denied": ("Denied, in review", "claim"),
    "sent_back": ("Sent back by the insurer", "claim"),
    "stopped": ("Stopped by our checks", "claim"),
    "held": ("Payments held", "item"),
    "chargebacks": ("Chargebacks to answer", "chargeback"),
    "files": ("Files stuck or not answered", "file"),
    "deposits": ("Deposits without a match", "bank line"),
    "ready": ("Ready to send", "claim"),
    "visits": ("Visits without a claim", "visit"),
    "silent": ("No answer in the insurer’s time", "claim"),
    "to_bill": ("Patients to bill", "patient"),
    "near_limit": ("Near the filing limit", "claim"),
    "authorization": ("Needs authorization", "claim"),
}
WORK = {
    "to_code": "To code",
    "held": "Held by edits",
    "rejected": "Rejected",
    "no_answer": "No answer",
    "near_limit": "Near the filing limit",
    "authorization": "Needs authorization",
}
WORK_SENTENCES = {
    "to_code": "Visits that were recorded and have no claim yet.",
    "held": "Claims that our checks stopped before they went out.",
    "rejected": "Claims that were sent back before anyone decided on them.",
    "no_answer": "Claims without a decision past their insurer’s own time.",
    "near_limit": "Claims that no insurer has accepted and that two weeks or less are left for.",
    "authorization": "Claims that need an approval number before they can go.",
}
WORK_EMPTY = {
    "to_code": "Every visit has its claim.",
    "held": "No claim is stopped. New ones come here as visits are coded.",
    "rejected": "No insurer has sent a claim back.",
    "no_answer": "Every insurer is within its time.",
    "near_limit": "Every open claim has more than two weeks left, or its acceptance as proof.",
    "authorization": "No claim waits for an approval.",
}
WHOSE = {"everyone": "Everyone’s", "mine": "Mine", "nobody": "Nobody’s"}
STAGES = {
    "stopped": "To mend",
    "ready": "Ready to send",
    "insurer": "With insurers",
    "denied": "Denied, in review",
    "next_plan": "For the next plan",
    "patient": "Patients owe",
}
EVENTS = {
    "built": "Claim built",
    "checked": "Checked",
    "sent": "Sent",
    "fetched": "Fetched by the insurer",
    "delivered": "Delivered",
    "received": "File received",
    "accepted": "Accepted by the insurer",
    "sent_back": "Sent back",
    "posted": "Answer posted",
    "reversed": "Answer taken back",
    "moved_on": "On to the next plan",
    "billed": "Patient billed",
    "replaced": "Corrected",
    "void": "Void",
    "stands": "Stands again",
    "repriced": "Expected amount changed",
    "asked": "Insurer asked",
    "told": "The insurer says",
    "note": "Note",
}
FILES = {
    "837P": "Claim file, 837P",
    "own": "Claim file, the insurer’s own format",
    "TA1": "Envelope receipt, TA1",
    "999": "File receipt, 999",
    "277CA": "Claim receipt, 277CA",
    "270": "Question about cover, 270",
    "271": "Answer about cover, 271",
    "276": "Question about the claim, 276",
    "277": "Answer about the claim, 277",
    "835": "Remittance, 835",
    "bank": "Bank file",
}
FILE_STATES = {
    "made": ("draft", "Not fetched yet"),
    "fetched": ("done", "Fetched"),
    "sending": ("waiting", "On its way"),
    "delivered": ("done", "Delivered"),
    "read": ("done", "Taken"),
    "held": ("look", "Taken, with questions"),
    "duplicate": ("draft", "Seen before"),
    "refused": ("no", "Not taken"),
}
HELD = {
    "unknown_claim": "No such claim",
    "plan_not_on_file": "Crossed over to a plan not on file",
    "early_next_plan": "Before the plan it follows",
    "early_reversal": "Takes back what we don’t have",
    "decided_twice": "Decided twice",
    "predetermination": "Money for an estimate",
    "test_file": "Test file",
    "next_plan": "Passed on to an unknown plan",
    "unbalanced": "Does not add up",
    "wrong_payee": "For another provider",
    "provider_adjustment": "Taken outside of claims",
    "duplicate_trace": "Same number, other content",
    "unknown_answer": "Answer to no question of ours",
}
ROUTES = {"mailbox": "Fetches here itself", "sftp": "SFTP", "folder": "Watched folder"}
AWAITED = {
    "download": "its download",
    "999": "the file receipt, 999",
    "277CA": "the claim receipt, 277CA",
    "TA1": "the envelope receipt, TA1",
    "271": "the answer about cover, 271",
    "277": "the answer about claims, 277",
}
# who comes: look of the status, its words; and what to do
COMING = {
    "not_active": ("no", "Not active"),
    "no_answer": ("look", "The insurer can’t say"),
    "otherwise": ("look", "Covered, something differs"),
    "asked": ("waiting", "Asked, no answer yet"),
    "never": ("draft", "Not asked yet"),
    "no_plan": ("look", "No plan"),
    "active": ("done", "Active"),
}
COMING_DO = {
    "not_active": "Call the patient: is there another plan?",
    "no_answer": "Compare the member number with the card, or call the insurer.",
    "otherwise": "Compare what differs with the card.",
    "asked": "Look again in the morning, or check now on the patient’s page.",
    "never": "Check now on the patient’s page.",
    "no_plan": "Tell the patient the price: an estimate is due.",
    "active": "Collect the copay.",
}
METHODS = {
    "ACH": "Electronic transfer",
    "CHK": "Check",
    "NON": "No payment",
    "FWT": "Wire transfer",
    "BOP": "Financial institution option",
}
PAID_BY = {"card": "Card", "cash": "Cash", "check": "Check"}


def status(state: str, money: Money) -> tuple[str, str]:
    """(kind of status, words): the state until an insurer decided, then what its money says."""
    if state not in (lifecycle.DECIDED, lifecycle.PATIENT):
        return _STATES[state]
    for holds, kind, words in (
        (money.denied_cents > 0 and not money.plan_paid_cents, "no", "Denied"),
        (money.denied_cents > 0, "look", "Partly denied"),
        (money.next_plan_cents > 0, "look", "Bill the next plan"),
        (money.insurer_owes_cents > 0, "look", "Not settled"),
        (money.patient_owes_cents > 0, "waiting", "Patient owes"),
        (money.patient_owes_cents < 0, "look", "Patient paid too much"),
        (money.passed_cents > 0, "done", "Passed to the next plan"),
    ):
        if holds:
            return kind, words
    return "done", "Settled"


def next_step(claim: Listed) -> str:
    """What a person does about a claim of the list, in a few words."""
    state, money = claim.state, claim.money
    if state in (lifecycle.NEEDS_MENDING, lifecycle.SENT_BACK):
        return claim.problem or "Read why, correct, send again"
    if state == lifecycle.READY:
        return "Send"
    if state in lifecycle.WITH_INSURER:
        return "Wait for the answer"
    if money.denied_cents > 0:
        return "Correct or appeal"
    if money.next_plan_cents > 0:
        return "Bill the next plan"
    return "With the patient" if money.patient_owes_cents > 0 else "Nothing"


def event_kind(kind: str, text: str) -> str:
    """How a step of the story is marked."""
    return "bad" if kind in ("sent_back", "reversed") or text.startswith("Stopped") else "done"


def reason(found: Reason) -> str:
    """ "PR 1 Deductible"."""
    return f"{found.code[:2]} {found.code[2:]} {codes.reason(found.code)}"


_FIELDS = {
    "ambulance": "ride", "attachments": "papers", "birth_on": "date of birth", "clia": "CLIA number", "coverage": "plan",
    "facility": "place of care", "line1": "street", "lines": "services", "member_id": "member number", "ndc": "drug number (NDC)",
    "npi": "NPI", "ordering": "ordered by", "payer_claim_number": "insurer's claim number", "pay_to": "pay-to address",
    "place_of_service": "place", "pointers": "diagnoses", "practice": "clinic", "prior_authorization": "approval number",
    "procedure": "code", "referring": "referred by", "rendering": "provider", "served_on": "date", "subscriber": "insured person",
    "supervising": "supervised by", "tax_id": "tax number", "taxonomy": "taxonomy", "zip": "ZIP",
}  # fmt: skip


def place(path: str) -> str:
    """Where a problem lies, for people: "lines[1].modifiers" -> "Service 2, modifiers"."""
    head, _, field = path.partition(".")
    name = _FIELDS.get(field, field.replace("_", " "))
    if head.startswith("lines["):
        return f"Service {int(head[6:-1]) + 1}" + (f", {name}" if name else "")
    if head.startswith("diagnoses["):
        return f"Diagnosis {chr(65 + int(head[10:-1]))}"
    named = _FIELDS.get(head, head.replace("_", " "))
    named = named[:1].upper() + named[1:]
    return f"{named}, {name}" if name else named


def adjustment(code: str) -> str:
    """A provider-level adjustment (PLB03) in our own words."""
    return codes.provider_adjustment(code)


def account(name: str) -> str:
    """What an account of the books is called."""
    return BY_NAME[name].label if name in BY_NAME else name


LETTERS = {
    "ready": "Bill is ready",
    "first": "First reminder",
    "second": "Second reminder",
    "last": "Last, with a way out",
    "cleared": "Nothing to pay any more",
}
CHANNELS = {"email": "E-mail", "text": "Text", "paper": "Paper"}
