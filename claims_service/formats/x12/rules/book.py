"""Which rules look at which loop of which guide."""

from functools import cache

from claims_service.formats.x12.rules import (
    acknowledgement,
    amounts,
    claim_answer,
    claim_balance,
    claim_content,
    claim_parties,
    codes,
    dates,
    eligibility,
    institutional,
    levels,
    remittance,
)
from claims_service.formats.x12.rules.rule import Rule

LEVELS: tuple[Rule, ...] = (levels.numbers_and_parents, levels.children)
ANY_LOOP: tuple[Rule, ...] = (
    codes.code_sets,
    codes.letters,
    amounts.money_form,
    dates.real_days,
    dates.periods,
    dates.birth,
)
OF_CLAIMS: dict[str, tuple[Rule, ...]] = {
    "2010AA": (claim_parties.street_of_the_clinic,),
    "2000B": (claim_parties.subscriber_level, claim_parties.filing_indicator, claim_parties.medicare_reason),
    "2010BA": (claim_parties.member_number,),
    "2300": (
        claim_balance.claim_total,
        claim_balance.payers_decision_on_the_claim,
        claim_balance.decision_date_once,
        claim_balance.decided_by_a_payer_that_is_listed,
        claim_parties.order_of_payers,
        claim_parties.provider_named_twice,
        claim_parties.referral_on_a_line,
        claim_content.claim_number,
        claim_content.original_reference,
        claim_content.diagnoses,
        claim_content.pointers,
        claim_content.line_numbers,
        claim_content.line_references,
        claim_content.attachments,
        claim_content.accident,
        dates.services,
        dates.code_set_of_the_day,
    ),
    "2320": (claim_parties.filing_indicator, claim_parties.medicare_reason),
    "2400": (
        claim_balance.charges_are_positive,
        claim_balance.payers_decision_on_a_line,
        claim_content.attachments,
        claim_content.anaesthesia,
    ),
}
OF_HOSPITALS: dict[str, tuple[Rule, ...]] = {
    "2300": (
        institutional.admission,
        institutional.discharge,
        institutional.attending_provider,
        institutional.codes_once,
    )
}
BY_GUIDE: dict[str, tuple[dict[str, tuple[Rule, ...]], ...]] = {
    "837p": (OF_CLAIMS,),
    "837i": (OF_CLAIMS, OF_HOSPITALS),
    "837d": (OF_CLAIMS,),
    "835": (
        {
            "2110": (remittance.line_balance, remittance.adjustments),
            "2100": (
                remittance.claim_balance,
                remittance.lines_of_a_claim,
                remittance.reversal,
                remittance.service_dates,
                remittance.adjustments,
            ),
            "ST": (remittance.payment_balance, remittance.payment_method, remittance.trace_origin),
        },
    ),
    "999": (
        {
            "2100": (acknowledgement.segment_fault,),
            "2000": (acknowledgement.transaction_verdict,),
            "ST": (acknowledgement.transaction_answered, acknowledgement.group_counts),
        },
    ),
    "277ca": (
        {
            "2200B": (claim_answer.action_fits_category,),
            "2200C": (claim_answer.action_fits_category,),
            "2200D": (claim_answer.action_fits_category, claim_answer.count_claim),
            "2220D": (claim_answer.action_fits_category,),
            "2000B": (claim_answer.totals,),
            "2000C": (claim_answer.totals,),
        },
    ),
    "271": (
        {
            "2110C": (eligibility.benefit, eligibility.other_payer_named, eligibility.service_types_once),
            "2110D": (eligibility.benefit, eligibility.other_payer_named, eligibility.service_types_once),
            "2000C": (eligibility.answer,),
            "2000D": (eligibility.answer,),
        },
    ),
}
WITHOUT_LEVELS = ("835", "999")


@cache
def rules_of(guide: str, loop_id: str) -> tuple[Rule, ...]:
    """The rules for one loop, in the order in which their findings are told."""
    if not guide:
        return ()
    own = tuple(rule for table in BY_GUIDE.get(guide, ()) for rule in table.get(loop_id, ()))
    everywhere = ANY_LOOP if guide in WITHOUT_LEVELS else LEVELS + ANY_LOOP
    return everywhere + own
