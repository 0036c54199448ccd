"""What the Tab key passes by on a page as it stands."""

import itertools

from playwright.sync_api import Page

# Controls that can be seen, each marked with its place; of a group of radio buttons Tab stops at one.
_MARK = """() => {
  const seen = it => it.checkVisibility({visibilityProperty: true}) && !it.closest('[aria-hidden=true]');
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
  const controls = all.filter(it => seen(it) && !it.disabled && it.tabIndex >= 0);
  const groups = new Set();
  const stops = controls.filter(it => it.type !== 'radio' || !groups.has(it.name) && groups.add(it.name));
  stops.forEach((it, place) => { it.dataset.stop = place; });
  document.activeElement.blur();
  return stops.map(it => it.outerHTML.slice(0, 120));
}"""
_PLACE = """() => {
  const it = document.activeElement;
  const first = it.type === 'radio' ? document.querySelector(`input[type=radio][name="${it.name}"][data-stop]`) : it;
  return first && first.dataset.stop !== undefined ? Number(first.dataset.stop) : -1;
}"""


def unreached(page: Page) -> list[str]:
    """Controls that Tab does not come by, and those it comes to before one that stands ahead of them; [] when there are none."""
    controls = page.evaluate(_MARK)
    places: list[int] = []
    for _ in range(2 * len(controls) + 10):
        page.keyboard.press("Tab")
        place = page.evaluate(_PLACE)
        if place >= 0 and place not in places:
            places.append(place)
        if len(places) == len(controls):
            break
    # Where a message has the focus, Tab begins there and comes round.
    places = [*places[places.index(0) :], *places[: places.index(0)]] if 0 in places else places
    missed = [f"never reached: {html}" for place, html in enumerate(controls) if place not in places]
    early = [f"too early: {controls[place]}" for before, place in itertools.pairwise(places) if place < before]
    return missed + early
