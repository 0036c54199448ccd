"""`claims demo`: a clinic's two months from encounter to reconciled money, then the sites."""

import secrets
from dataclasses import replace

import click

from claims_service.config import Config

_WORDS = """
alder amber anchor apple arrow aspen autumn badger barley basket beacon birch bison bottle brass bridge bronze butter cactus
canal candle canyon carrot cedar cello cherry chestnut cinder clover cobalt comet copper coral cotton cricket crystal dahlia
dune eagle ember engine fable falcon feather fennel ferry fiddle forest fossil garnet ginger glacier granite harbor hazel
hermit honey island ivory jasmine juniper kettle lagoon lantern lemon linen lizard maple marble meadow mellow meteor mosaic
nectar nickel oasis olive onyx orbit otter oyster paddle pebble pepper pigeon pillow pocket poplar prairie puzzle quartz
rabbit raven ribbon river rocket saddle saffron salmon sandal silver sparrow spruce stanza tangle teapot thistle timber tulip
turnip velvet violet walnut willow winter yarrow zephyr zinnia
""".split()


@click.command()
@click.option("--no-serve", is_flag=True, help="End after the summary; exit 1 when a control total is off.")
@click.option("--database", help="Another database than CLAIMS_DATABASE_URL; it must be empty or hold the demo only.")
@click.option("--port", type=click.IntRange(1, 65535), help="TCP port of the sites; CLAIMS_PORT otherwise.")
def command(no_serve: bool, database: str | None, port: int | None) -> None:
    """Run the demo clinic afresh and show its sites. Everyone in it is invented."""
    from claims_service.interfaces.cli import demo_run, demo_summary

    config = Config.from_env()
    if config.mode == "production":
        raise click.ClickException("the demo does not run in production mode: its people and passwords are printed")
    config = replace(config, database_url=database or config.database_url, port=port or config.port)
    folder, password = config.data_dir / "demo", passphrase()
    result = demo_run.run(config, folder, password=password)
    demo_summary.show(result, config, folder)
    if no_serve:
        raise SystemExit(0 if result.holds else 1)
    demo_summary.show_doors(result, config, password)
    _serve(config)


def passphrase() -> str:
    """Four words out of 128 for all people of the demo, new with each run."""
    return "-".join(secrets.choice(_WORDS) for _ in range(4))


def _serve(config: Config) -> None:
    import waitress

    from claims_service import telemetry
    from claims_service.app import create_app, settle

    telemetry.configure_logging("console")
    app = create_app(config)
    settle()
    waitress.serve(app, host=config.host, port=config.port, threads=8, ident=None, clear_untrusted_proxy_headers=False)
