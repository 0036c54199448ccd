"""Somebody at a phone with a keyboard and no mouse: every control is reached by Tab, by the name a screen reader says."""

import re
from typing import Literal

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as TookTooLong

from claims_service.words import say
from tests.browser.axe import violations
from tests.browser.visits import PHONE

MOST_TABS = 140
Scheme = Literal["light", "dark"]
Name = str | re.Pattern[str]

# What is wrong with the focus as it is seen: WCAG 2.2, 2.4.7 focus visible and 2.4.11 focus not obscured. "" when nothing is.
_UNSEEN = """it => {
  const style = getComputedStyle(it), box = it.getClientRects()[0];
  if (!it.matches(':focus-visible') || style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return 'no ring around it';
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  if (right - left < 8 || bottom - top < 8) return `off the screen at ${Math.round(box.left)}, ${Math.round(box.top)}`;
  const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const own = [it, ...(it.labels || [])].some(one => one.contains(there) || there.contains(one));
  return own ? '' : `covered by ${there.outerHTML.slice(0, 80)}`;
}"""
_IS_BEFORE = "it => Boolean(document.activeElement.compareDocumentPosition(it) & Node.DOCUMENT_POSITION_PRECEDING)"
_HAS_FOCUS = "it => it === document.activeElement"


class Walker:
    """A page 390 px wide in a language and a scheme. What is pressed is named in English and found in the page's language."""

    def __init__(self, page: Page, address: str, language: str, scheme: Scheme) -> None:
        self.page, self.address, self.language, self.scheme = page, address, language, scheme
        page.set_default_timeout(10_000)

    def say(self, english: str, **values: object) -> str:
        return say(self.language, english, **values)

    def opens(self, path: str) -> None:
        """An address as it is typed or as a message brings it; from there on the keyboard leads."""
        self.page.goto(self.address + path)
        self.looks()

    def looks(self) -> None:
        """Nothing for axe to find on this page, and nothing cut off."""
        self.page.wait_for_load_state()
        self.page.set_viewport_size({"width": PHONE, "height": 844})
        self.page.emulate_media(color_scheme=self.scheme)
        assert self.page.locator("html").get_attribute("lang") == self.language, self.page.url
        assert violations(self.page) == [], self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE, self.page.url

    def reads(self, text: str) -> None:
        """A text that stands on the page, seen and not only there."""
        try:
            self.page.get_by_text(text).first.wait_for()
        except TookTooLong:
            raise AssertionError(f"{text!r} is not to be read on: {self.page.locator('main').inner_text()}") from None

    def reach(self, wanted: Locator) -> None:
        """Tab to it, or back by Shift and Tab where it stands before; fails where it is not reached or the focus is not seen."""
        wanted.wait_for()
        step = "Shift+Tab" if wanted.evaluate(_IS_BEFORE) else "Tab"
        for _ in range(MOST_TABS):
            if wanted.evaluate(_HAS_FOCUS):
                unseen = wanted.evaluate(_UNSEEN)
                assert not unseen, f"{wanted} on {self.page.url}: {unseen}"
                return
            self.page.keyboard.press(step)
        raise AssertionError(f"{wanted} is not reached by keyboard on {self.page.url}")

    def control(self, role: Literal["button", "link"], name: Name) -> Locator:
        """By what it is and the name it is said with, whole."""
        return self.page.get_by_role(role, name=name, exact=True).first

    def follows(self, name: Name) -> None:
        """A link, by its English name, and a look at the page behind it."""
        self.goes(self.control("link", self.say(name) if isinstance(name, str) else name))

    def presses(self, name: Name) -> None:
        """A button, by its English name, and a look at the page that comes."""
        self.goes(self.control("button", self.say(name) if isinstance(name, str) else name))

    def goes(self, through: Locator) -> None:
        """Press Enter there and look at the page that comes."""
        self.reach(through)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.looks()

    def at_the_card_company(self, leave_by: str, press: str, back_at: str) -> None:
        """Go to the card company's own page, which speaks English, press a button there, and look at the page of ours that comes."""
        self.reach(self.control("button", leave_by))
        with self.page.expect_navigation(url="**/test-processor/**"):
            self.page.keyboard.press("Enter")
        self.reach(self.control("button", press))
        with self.page.expect_navigation(url=back_at):
            self.page.keyboard.press("Enter")
        self.looks()

    def pays(self, amount: str) -> None:
        """What was checked, with a good card, to the page that says thank you."""
        now = f"{self.say('Pay')} {amount} {self.say('now')}"
        self.at_the_card_company(now, "Pay with a good test card", "**/payments/*")

    def pays_a_part(self, amount: str) -> None:
        """From a bill: another amount than all of it, paid, and the receipt with it."""
        self.follows("Pay a part")
        self.chooses("Another amount")
        self.writes("Another amount", amount.removeprefix("$"))
        self.presses("Continue")
        self.pays(amount)
        self.reads(f"{self.say('Paid. Thank you, ')}Alma.")
        self.gets_the_receipt()

    def gets_the_receipt(self) -> None:
        """The PDF comes by pressing Enter."""
        self.reach(self.control("link", self.say("Receipt as a PDF")))
        with self.page.expect_download() as paper:
            self.page.keyboard.press("Enter")
        assert paper.value.suggested_filename.startswith("receipt-")

    def opens_up(self, part: Locator) -> None:
        """A part that is folded; axe has opened all of them, so it may be open already."""
        self.reach(part)
        if not part.evaluate("it => it.parentElement.open"):
            self.page.keyboard.press("Enter")

    def writes(self, label: str, text: str) -> None:
        """Into a field, by its English label, over what stands there."""
        named = self.page.get_by_label(re.compile(rf"^{re.escape(self.say(label))}( \(.*\))?$"))
        self.reach(named.and_(self.page.locator("input:not([type=radio]):not([type=checkbox]), textarea")).first)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def ticks(self, name: Name) -> None:
        box = self.page.get_by_role("checkbox", name=self.say(name) if isinstance(name, str) else name).first
        self.reach(box)
        self.page.keyboard.press("Space")
        assert box.is_checked(), name

    def chooses(self, name: Name) -> None:
        """One of a group by the arrow keys; Tab stops once in a group."""
        wanted = self.page.get_by_role("radio", name=self.say(name) if isinstance(name, str) else name).first
        group = self.page.locator(f"input[type=radio][name='{wanted.get_attribute('name')}']")
        picked = [one for one in group.all() if one.is_checked()]
        self.reach(picked[0] if picked else group.first)
        if not picked:
            self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if wanted.is_checked():
                break
            self.page.keyboard.press("ArrowDown")
        self.reach(wanted)
        assert wanted.is_checked(), name
