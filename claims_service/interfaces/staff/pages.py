"""Every page of the staff site: importing a module puts its pages on the blueprint."""

from claims_service.interfaces.staff import sign_in
from claims_service.interfaces.staff.site import site

PAGES = (sign_in,)

__all__ = ["PAGES", "site"]
