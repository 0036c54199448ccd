"""Who may do what: the one table of roles and permissions."""

STAFF = ("front_desk", "biller", "manager", "administrator")
LABELS = {
    "front_desk": "Front desk",
    "biller": "Biller",
    "manager": "Manager",
    "administrator": "Administrator",
    "insurer": "Insurer",
    "patient": "Patient",
    "bill_link": "Patient with a pay link",
    "api_read": "Program that reads",
    "api_write": "Program that writes",
}

# Who gives out rights (the administrator) moves no money, and the front desk sees no insurer files (minimum necessary,
# 45 CFR 164.502(b)). "x" may, "." may not.
TABLE = """
permission          front_desk biller manager administrator insurer patient bill_link api_read api_write
today.read               x       x       x          x          .       .        .       .         .
patient.read             x       x       x          x          .       .        .       .         .
patient.write            x       x       x          .          .       .        .       .         .
encounter.read           x       x       x          x          .       .        .       .         .
encounter.write          x       x       x          .          .       .        .       .         .
claim.read               x       x       x          x          .       .        .       .         .
claim.write              .       x       x          .          .       .        .       .         .
claim.submit             .       x       x          .          .       .        .       .         .
claim.release            .       .       x          .          .       .        .       .         .
rule.write               .       .       x          x          .       .        .       .         .
file.read                .       x       x          x          .       .        .       .         .
remittance.read          .       x       x          x          .       .        .       .         .
remittance.post          .       x       x          .          .       .        .       .         .
deposit.read             .       x       x          x          .       .        .       .         .
deposit.match            .       x       x          .          .       .        .       .         .
account.read             x       x       x          x          .       .        .       .         .
payment.take             x       x       x          .          .       .        .       .         .
refund.make              .       x       x          .          .       .        .       .         .
write_off.make           .       x       x          .          .       .        .       .         .
write_off.approve        .       .       x          .          .       .        .       .         .
statement.read           x       x       x          x          .       .        .       .         .
statement.send           x       x       x          .          .       .        .       .         .
dispute.read             x       x       x          x          .       .        .       .         .
dispute.write            x       x       x          .          .       .        .       .         .
dispute.answer           .       x       x          .          .       .        .       .         .
dispute.policy           .       .       x          .          .       .        .       .         .
billing.policy           .       .       x          .          .       .        .       .         .
assistance.read          x       x       x          .          .       .        .       .         .
assistance.write         x       x       x          .          .       .        .       .         .
assistance.decide        .       x       x          .          .       .        .       .         .
assistance.policy        .       .       x          .          .       .        .       .         .
report.read              .       x       x          x          .       .        .       .         .
appeal_text.write        .       .       x          x          .       .        .       .         .
period.close             .       .       x          .          .       .        .       .         .
import.run               .       x       x          x          .       .        .       .         .
settings.read            .       .       x          x          .       .        .       .         .
settings.write           .       .       .          x          .       .        .       .         .
user.manage              .       .       .          x          .       .        .       .         .
audit.read               .       .       x          x          .       .        .       .         .
mailbox.read             .       .       .          .          x       .        .       .         .
mailbox.fetch            .       .       .          .          x       .        .       .         .
answer.send              .       .       .          .          x       .        .       .         .
bill.read                .       .       .          .          .       x        .       .         .
bill.pay                 .       .       .          .          .       x        .       .         .
bill.dispute             .       .       .          .          .       x        .       .         .
this_bill.pay            .       .       .          .          .       .        x       .         .
profile.write            .       .       .          .          .       x        .       .         .
api.read                 .       .       .          .          .       .        .       x         x
api.write                .       .       .          .          .       .        .       .         x
fhir.read                .       .       .          .          .       .        .       x         x
fhir.write               .       .       .          .          .       .        .       .         x
metrics.read             .       .       .          .          .       .        .       x         x
signed_in                x       x       x          x          x       x        .       .         .
"""


def _read(table: str) -> dict[str, frozenset[str]]:
    head, *lines = (line.split() for line in table.strip().splitlines())
    roles = head[1:]
    return {
        permission: frozenset(role for role, mark in zip(roles, marks, strict=True) if mark == "x")
        for permission, *marks in lines
    }


PERMISSIONS = _read(TABLE)
ROLES = tuple(TABLE.split()[1:10])


def may(role: str, permission: str) -> bool:
    """Whether a role holds a permission.

    Raises:
        KeyError: no such permission is in the table.
    """
    return role in PERMISSIONS[permission]
