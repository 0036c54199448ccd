"""The story book of remittances: what insurers sent, and what then stands in the books and on the patient's statement."""

from pathlib import Path

import pytest

from tests.clinic import Clinic
from tests.workflow.remittance_stories.teller import Story, Teller, stories

BOOK = stories(Path(__file__).parent / "remittance_stories")


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
@pytest.mark.parametrize("story", BOOK, ids=[story.name for story in BOOK])
def test_the_books_say_what_the_story_says(clinic: Clinic, story: Story) -> None:
    """Each story is told in remittance_stories/*.txt, in dollars."""
    Teller(clinic).tell(story)


def test_the_book_tells_sixty_stories_and_more() -> None:
    assert len(BOOK) >= 60
    assert len({story.name for story in BOOK}) == len(BOOK)
