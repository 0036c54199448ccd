"""When the rounds run: huey's scheduler as a wake-up; the truth is in the database, so its queue may be forgotten."""

from typing import Any

from huey import MemoryHuey, crontab

from claims_service.config import Config
from claims_service.interfaces.jobs import exchange, questions, rounds


def clockwork(config: Config) -> MemoryHuey:
    """A queue that wakes up for each round; give it one consumer only."""
    huey = MemoryHuey("claims", results=False, utc=True)

    @huey.periodic_task(crontab(minute="*/5"))  # type: ignore[untyped-decorator]
    def onward() -> None:
        rounds.run(config, rounds.text_replies)
        rounds.run(config, rounds.onward)
        rounds.run(config, rounds.receipts)

    @huey.periodic_task(crontab(minute="*/2"))  # type: ignore[untyped-decorator]
    def carry() -> None:
        """Files to receivers and their answers; a file that waits longer says so itself."""
        rounds.run(config, exchange.exchange)

    @huey.periodic_task(crontab(minute="15"))  # type: ignore[untyped-decorator]
    def remind() -> None:
        """Hourly, so that what quiet hours kept back leaves soon after them."""
        rounds.run(config, rounds.autopay)
        rounds.run(config, rounds.remind)

    @huey.periodic_task(crontab(hour="2", minute="0"))  # type: ignore[untyped-decorator]
    def evening() -> None:
        """Six to ten in the evening in the United States: insurers answer files of the evening by the next morning."""
        rounds.run(config, questions.evening)

    @huey.periodic_task(crontab(hour="10", minute="0"))  # type: ignore[untyped-decorator]
    def night() -> None:
        """Two or three in the morning in the clinic's part of the world."""
        rounds.run(config, rounds.night)
        rounds.prove()

    return huey


def consumer(config: Config) -> Any:
    """Runs until it is told to stop; one worker, since the steps of a practice take turns anyway."""
    return clockwork(config).create_consumer(workers=1, periodic=True, check_worker_health=True)
