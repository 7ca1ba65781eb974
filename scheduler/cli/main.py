"""The `drumbeat` command: its list of commands, and how anything that goes wrong ends.

Commands are imported when they are called, so that `drumbeat --help` stays quick.
"""

import difflib
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from scheduler import __version__
from scheduler.errors import SchedulerError
from scheduler.settings import colour_wanted

INTERRUPTED = 130
BROKEN_PIPE = 141

COMMANDS = {
    "init": "Start a workspace: one account, one campaign, every line explained",
    "check": "Say everything that is wrong with the files, and where",
    "plan": "Show what `apply` would change in the queue",
    "preview": "Show a day's posts as each platform will show and count them",
    "apply": "Put the plan into the queue, after asking",
    "run": "Check, show the changes, ask, apply, and run the daemon",
    "rehearse": "Play a day with the real engine, sending nothing",
    "daemon": "Publish every post in the queue at its second",
    "status": "Say how things stand, and what waits for a person",
    "show": "Tell everything about one post, its history included",
    "stop": "Stop accounts, campaigns or everything, at once",
    "start": "Start again what was stopped; nothing late is sent",
    "cancel": "Take posts out of the queue",
    "retry": "Put failed, missed or cancelled posts back into the queue",
    "retract": "Take a post down again, and send it anew if you like",
    "withdraw": "Take back everything that speaks of a record, for ever",
    "done": "Say that a post which you were given to post by hand is out",
    "resolve": "Say what became of a post that Drumbeat lost sight of",
    "accounts": "Look at accounts on their platforms, try one, or let it go on",
    "doctor": "Look whether this computer and these accounts are fit",
    "notify": "Try whether people would be told of trouble",
    "measure": "Count a text as each platform counts it",
    "schema": "Print the JSON Schemas of the files, or what templates may use",
    "sender": "Say which computer sends live posts, or make it this one",
    "upgrade": "Bring the queue's database up to this version",
}


class Commands(click.Group):
    """The commands, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command. Fails with the nearest name where there is none of that name."""
        if cmd_name not in COMMANDS:
            near = difflib.get_close_matches(cmd_name, COMMANDS, n=1)
            mean = f" Did you mean {near[0]}?" if near else " `drumbeat --help` lists them."
            ctx.fail(f"There is no command {cmd_name!r}.{mean}")
        module = importlib.import_module(f"scheduler.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `drumbeat init`; `drumbeat COMMAND --help` shows an example of each.",
)
@click.version_option(__version__, prog_name="drumbeat")
@click.pass_context
def cli(context: click.Context) -> None:
    """Write a campaign as files, see each day as every platform will show it, publish each post once."""
    if context.invoked_subcommand is None:
        from scheduler.cli.here import where_you_are

        where_you_are()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit with its code: never a traceback for what a person did."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is what `interfaces` promises for it."""
    try:
        result: Any = cli.main(args=arguments, prog_name="drumbeat", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return INTERRUPTED
    except click.ClickException as failure:
        failure.show()
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except (SchedulerError, OSError) as failure:
        return _say(failure if isinstance(failure, SchedulerError) else _machine_trouble(failure))
    return result if isinstance(result, int) else 0


def _machine_trouble(failure: OSError) -> SchedulerError:
    where = f": {failure.filename}" if failure.filename else ""
    return SchedulerError(f"{failure.strerror or failure}{where}.")


def _say(failure: SchedulerError) -> int:
    from scheduler.cli.view import show_failure

    show_failure(failure, colour=colour_wanted())
    return failure.exit_code
