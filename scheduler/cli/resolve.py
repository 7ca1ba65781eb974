"""`drumbeat resolve`: a person says what became of a post that Drumbeat lost sight of."""

import click

from scheduler.app import App, one_of
from scheduler.cli.decide import ask, report
from scheduler.cli.done import desk_of, say_open
from scheduler.cli.options import with_app
from scheduler.errors import UsageError


@click.command("resolve", epilog="Example: `drumbeat resolve launch/once/x-main --sent https://x.example/post/1`")
@click.argument("post", metavar="POST")
@click.option("--sent", "url", metavar="URL", help="It is out: this is where it can be seen.")
@click.option("--not-sent", is_flag=True, help="It is not out, you looked.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_app()
def command(app: App, *, post: str, url: str | None, not_sent: bool, yes: bool, as_json: bool) -> int:
    """Say what became of a post whose reply was lost: it is out (with its link), or it is not."""
    from scheduler.model.lifecycle import State
    from scheduler.operations.choose import choose
    from scheduler.operations.saying import checked_link, say_not_sent, say_sent

    if bool(url) == not_sent:
        raise UsageError("Say one of the two.", mend="Either --sent URL, or --not-sent.")
    if url:
        checked_link(url)
    with app.queue() as outbox:
        name = one_of(outbox.find(post), post)
        chosen = choose(outbox, [name], states={State.UNCERTAIN}, verb="resolved")
        question = f"Take it as sent, at {url}?" if url else "Take it as not sent?"
        ask(app, chosen, question, yes=yes, quiet=as_json)
        desk = desk_of(app, outbox)
        heard = say_sent(desk, name, url) if url else say_not_sent(desk, name)
    report(heard.events, "settled", as_json=as_json)
    say_open(heard)
    return 0
