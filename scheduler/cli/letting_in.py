"""`drumbeat accounts login`: a person says yes on the platform's own page, in their own browser."""

import webbrowser
from typing import TYPE_CHECKING

import click

from scheduler.app import App
from scheduler.cli.view import say
from scheduler.errors import UsageError

if TYPE_CHECKING:
    from scheduler.publishers.base import Login

PATIENCE = 300.0


def let_in(app: App, login: "Login", *, paste: bool) -> None:
    """Shows the address, waits for the answer, changes it for tokens. Raises `UsageError` where none comes."""
    from scheduler.http.landing import Landing, can_land

    if paste or not can_land(login.redirect):
        say(f"Open this, and say yes:\n\n  {login.address}\n\nThe browser then ends at a page that may not load.")
        login.finish(str(click.prompt("Paste its whole address", err=True)))
        return
    with Landing(login.redirect, app.clock) as landing:
        say(f"Say yes in the browser. If none opens, open this on this computer:\n\n  {login.address}\n")
        if not webbrowser.open(login.address):
            say("No browser opens from here. On a server, end this with Ctrl-C and say --paste.")
        came_back = landing.wait(PATIENCE)
    if not came_back:
        raise UsageError("Nobody said yes within five minutes.", mend="Begin again; on a server say --paste.")
    login.finish(came_back)
