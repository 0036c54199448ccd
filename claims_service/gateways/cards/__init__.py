"""The card company: patients pay on its page, it tells us by signed messages, and pays out to the bank."""
