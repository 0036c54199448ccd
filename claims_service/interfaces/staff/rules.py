"""Rules of the clinic's own: the list, building one from fields and operators, trying it on last month, switching it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain.claim.edits import rule_fields, rule_operators
from claims_service.domain.claim.edits.own_rules import ACTIONS, ALL, ANY, FILLED, OwnRule, sentence
from claims_service.domain.errors import Conflict, Rejected
from claims_service.interfaces.staff import rule_form
from claims_service.interfaces.staff.rule_form import TypedRule
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui import filters
from claims_service.queries import clinic_rules as questions
from claims_service.queries import people
from claims_service.queries.clinic_rules import Trial
from claims_service.workflow.keep_rule import keep_rule
from claims_service.workflow.release_claim import release_claim
from claims_service.workflow.switch_rule import switch_rule

HINTS = {
    "hold": "A biller can't send it; a manager can, with a reason.",
    "warn": "It is shown beside the claim, which may be sent.",
    "block": "Nobody can send it until it no longer meets the rule.",
    "set": "Only where nothing stands, and the claim's story tells it.",
}


@site.get("/rules")
@requires("rule.write")
def rules() -> ResponseReturnValue:
    """Every rule in one sentence, and whether it is on."""
    return render_template("staff/rules/list.html", listed=questions.listed(here().practice), actions=ACTIONS)


@site.route("/rules/new", methods=["GET", "POST"])
@requires("rule.write")
def new_rule() -> ResponseReturnValue:
    """An empty form; its buttons add and take away conditions, try the rule, and keep it."""
    if request.method == "GET":
        return _form(rule_form.blank(), None)
    return _typed(0, None)


@site.route("/rules/<int:rule>/change", methods=["GET", "POST"])
@requires("rule.write")
def change_rule(rule: int) -> ResponseReturnValue:
    """The form of a kept version; what is kept from it is the next version."""
    kept = questions.versions(here().practice, rule)[0]
    if request.method == "GET":
        return _form(rule_form.filled_from(kept.rule), kept)
    return _typed(kept.rule.number, kept)


def _typed(number: int, kept: Any) -> ResponseReturnValue:
    at, pressed = here(), request.form.get("do", "keep")
    typed = rule_form.read(request.form, number=number, today=at.today)
    if pressed not in ("try", "keep"):
        return _form(TypedRule(typed.values, typed.conditions), kept, pressed)
    if typed.rule is None:
        return _form(typed, kept, pressed)
    if pressed == "try":
        return _form(typed, kept, pressed, _tried(typed.rule))
    try:
        key = keep_rule(at.practice, typed.rule, by=at.actor, now=at.now)
    except Rejected as refused:
        return _form(typed.with_problems(refused.problems), kept, pressed)
    flash("The rule is kept. It does nothing until you switch it on.", "ok")
    return redirect(url_for("staff.rule", rule=key), 303)


def _form(typed: TypedRule, kept: Any, pressed: str = "", trial: Trial | None = None) -> ResponseReturnValue:
    page = render_template(
        "staff/rules/build.html",
        typed=typed,
        kept=kept,
        pressed=pressed,
        trial=trial,
        said=sentence(typed.rule, questions.insurers(here().practice)) if typed.rule else "",
        fields=rule_fields.FIELDS,
        by_name=rule_fields.BY_NAME,
        operators=rule_operators.OPERATORS,
        hints=rule_operators.HINTS,
        insurers=questions.insurers(here().practice),
        actions=[{"value": name, "title": title, "hint": HINTS[name]} for name, title in ACTIONS.items()],
        joins=[(ALL, "All of these hold"), (ANY, "One of these holds")],
        filled=list(FILLED.items()),
    )
    # htmx puts nothing on the page that came with a 422.
    return page, 422 if typed.errors and "HX-Request" not in request.headers else 200


@site.get("/rules/<int:rule>")
@requires("rule.write")
def rule(rule: int) -> ResponseReturnValue:
    """One version: what it says, what it would have caught last month, and its other versions."""
    found, *others = questions.versions(here().practice, rule)
    return render_template(
        "staff/rules/rule.html",
        kept=found,
        others=others,
        on=next((one for one in (found, *others) if one.is_on), None),
        said=sentence(found.rule, questions.insurers(here().practice)),
        trial=_tried(found.rule),
        actions=ACTIONS,
        who=people.names(here().practice, [found.by]),
    )


def _tried(wanted: OwnRule) -> Trial:
    trial = questions.try_rule(here().practice, wanted, today=here().today)
    saw([one.patient for one in trial.caught], "claim.list", "rule trial")
    return trial


@site.post("/rules/<int:rule>/switch")
@requires("rule.write")
def turn_rule(rule: int) -> ResponseReturnValue:
    """Switch a version on, in place of the others of its rule, or off; what has not gone out is looked at again."""
    at, on = here(), request.form.get("to") == "on"
    looked_at = switch_rule(at.practice, rule, on=on, by=at.actor, now=at.now, today=at.today)
    told = f" {filters.counted(len(looked_at), 'claim')} looked at again." if looked_at else ""
    flash(f"The rule is {'on' if on else 'off'}.{told}", "ok")
    return redirect(url_for("staff.rule", rule=rule), 303)


@site.post("/claims/<int:claim>/release")
@requires("claim.release")
def release(claim: int) -> ResponseReturnValue:
    """Let a claim through the rules that hold it."""
    at = here()
    try:
        done = release_claim(
            at.practice, claim, request.form.get("released_because", "")[:200], by=at.actor, now=at.now, today=at.today
        )
    except (Conflict, Rejected) as refused:
        told = refused.problems[0].message if isinstance(refused, Rejected) else str(refused)
        flash(told, "bad")
    else:
        flash("Let through: ready to send." if done.state == "ready" else "Let through; something else stops it.", "ok")
    return redirect(url_for("staff.claim", claim=claim), 303)
