"""`claims work`: the rounds of the clock."""

import sys

import click

from claims_service.interfaces.cli.database import opened


@click.command()
@click.option("--once", is_flag=True, help="Run every round now and end, for a cron of your own.")
def command(*, once: bool) -> None:
    """Files out and answers in every two minutes; next plans and FHIR every five; payouts, deposits, bills and proofs at night; in the evening
    insurers are asked about everyone who comes tomorrow.

    Run it beside the web server, once. It may be killed at any time: what waits is picked up by the next round.
    """
    from claims_service import telemetry
    from claims_service.interfaces.jobs import clockwork, exchange, questions, rounds

    config = opened()
    telemetry.configure_logging(config.log_format)
    if not once:
        clockwork.consumer(config).run()
        return
    failed = sum(rounds.run(config, job) for job in (questions.evening, exchange.exchange, rounds.night))
    faults = rounds.prove()
    click.echo(f"Rounds run; {failed} practices failed, {len(faults)} faults in books and audit trail.")
    for fault in faults:
        click.echo(fault)
    sys.exit(1 if failed or faults else 0)
