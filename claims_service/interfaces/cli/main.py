"""The `claims` command: a command's module is loaded only when it is called, so that help comes at once."""

import importlib
import importlib.util
import os
import sys

import click

COMMANDS = {
    "demo": ("demo_command", "One clinic from encounter to reconciled money, then the sites."),
    "serve": ("serve_command", "Run the web server."),
    "migrate": ("migrate_command", "Bring the database to the schema of this version."),
    "load": ("load_command", "Set a clinic up from plain tables."),
    "user": ("user_command", "Add people, switch them off, set a password."),
    "key": ("key_command", "Make and take back API keys."),
    "import": ("import_command", "Read FHIR or CSV files: patients, plans, visits to bill."),
    "codes": ("codes_command", "Load code sets and NCCI edits, see which are loaded."),
    "contract": ("contract_command", "Take contracts with insurers in, try what they pay."),
    "submit": ("submit_command", "Put ready claims into files for the insurers."),
    "receiver": ("receiver_command", "Say where files of an insurer or clearinghouse go."),
    "deliver": ("deliver_command", "Bring claim files to insurers' servers and folders."),
    "fetch": ("fetch_command", "Read the answers that lie there."),
    "eligibility": ("eligibility_command", "Ask insurers whether patients are covered."),
    "status": ("status_command", "Ask insurers what became of claims."),
    "statements": ("statements_command", "Bill patients, and tell and remind them."),
    "forms": ("forms_command", "Put claims on paper, or into an insurer's own format to look at."),
    "ledger": ("ledger_command", "Check the journal, take it along to an accounting program."),
    "audit": ("audit_command", "Check the audit trail."),
    "x12": ("x12_command", "Check X12 files."),
    "work": ("work_command", "Run the jobs of the queue."),
}


class Commands(click.Group):
    """The commands of COMMANDS whose module is there."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, (module, _) in COMMANDS.items() if importlib.util.find_spec(_path(module))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(_path(COMMANDS[cmd_name][0])).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


def _path(module: str) -> str:
    return f"claims_service.interfaces.cli.{module}"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="claims-service")
def commands() -> None:
    """Healthcare billing for a clinic: from the encounter to reconciled money."""


def main() -> None:
    """Run a command; what the settings or the billing code refuse is said in plain words, without a trace."""
    from claims_service.config import ConfigError
    from claims_service.domain.errors import BillingError

    os.umask(0o077)  # every file and folder this process makes is its own user's alone
    try:
        commands.main()
    except (ConfigError, BillingError) as refusal:
        click.echo(f"Not done:\n{refusal}", err=True)
        sys.exit(2)
