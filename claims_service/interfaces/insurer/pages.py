"""Every page of the insurer site: importing a module puts its pages on the blueprint."""

from claims_service.interfaces.insurer import answers, mailbox, sign_in
from claims_service.interfaces.insurer.site import site

PAGES = (mailbox, answers, sign_in)

__all__ = ["PAGES", "site"]
