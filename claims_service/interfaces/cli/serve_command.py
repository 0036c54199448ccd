"""`claims serve`: the web server."""

import click

from claims_service import telemetry
from claims_service.config import Config


@click.command()
@click.option("--host", help="Address to listen on; CLAIMS_HOST otherwise.")
@click.option("--port", type=click.IntRange(1, 65535), help="TCP port; CLAIMS_PORT otherwise.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="Requests answered at once.")
def command(host: str | None, port: int | None, threads: int) -> None:
    """Run the web server; a proxy that speaks HTTPS belongs in front of it."""
    import waitress

    from claims_service.app import create_app, settle

    config = Config.from_env()
    telemetry.configure_logging(config.log_format)
    app = create_app(config)
    host, port = host or config.host, port or config.port
    click.echo(f"http://{host}:{port}  (Ctrl+C ends it)", err=True)
    settle()
    # A little above the limit of one upload, which the application itself answers with words.
    most = config.upload_limit_bytes + 1024 * 1024
    waitress.serve(
        app, host=host, port=port, threads=threads, ident=None, clear_untrusted_proxy_headers=False, max_request_body_size=most
    )  # fmt: skip
