"""Every page of the staff site: importing a module puts its pages on the blueprint."""

from claims_service.interfaces.staff import (
    books,
    claim_paper,
    claims,
    contracts,
    corrections,
    cover,
    deliveries,
    deposits,
    imports,
    open_items,
    patients,
    remittances,
    rules,
    sign_in,
    statements,
    superbills,
    today,
    underpayments,
    visits,
    work,
    x12_files,
)
from claims_service.interfaces.staff.site import site

PAGES = (
    sign_in,
    today,
    visits,
    imports,
    superbills,
    claims,
    work,
    claim_paper,
    corrections,
    deliveries,
    remittances,
    open_items,
    deposits,
    patients,
    cover,
    statements,
    books,
    contracts,
    rules,
    underpayments,
    x12_files,
)

__all__ = ["PAGES", "site"]
