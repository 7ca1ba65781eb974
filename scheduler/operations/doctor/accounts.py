"""The accounts' checkups: publishers, credentials until the last post they must serve, and who is told of trouble."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from importlib.util import find_spec

from scheduler.model.account import Account, Workspace
from scheduler.operations.accounts import SOON, Inspected
from scheduler.operations.doctor.checkups import Checkup, error, ok, warning
from scheduler.operations.endings import is_by_login
from scheduler.publishers.servers import checked

Failures = Mapping[str, str]
Secret = Callable[[str], str | None]


def publishers(accounts: Iterable[Account], known: Iterable[str]) -> Iterator[Checkup]:
    """Whether each live account has a publisher."""
    live = [account for account in accounts if account.live]
    missing = [account for account in live if account.platform not in set(known)]
    for account in missing:
        mend = "Install its publisher, or write `live: false`."
        said = f"{account.name} is live, and no publisher for {account.platform} is installed."
        yield error("publishers", said, mend, account=account.name)
    if not missing:
        yield ok("publishers", f"{len(live)} live, each with its publisher." if live else "No account is live.")


def credentials(inspected: Iterable[Inspected], needed: Mapping[str, datetime], now: datetime) -> Iterator[Checkup]:
    """Whether each credential works, and until the account's last post."""
    nobody = True
    for one in inspected:
        nobody = False
        yield _credential(one, needed.get(one.account.name), now)
    if nobody:
        yield ok("credentials", "No account is live, so no credential is needed. Name one to look at it all the same.")


def _credential(one: Inspected, last: datetime | None, now: datetime) -> Checkup:
    name = one.account.name
    if not one.works:
        notes = one.report.notes if one.report else ()
        said = " ".join((*one.troubles, *notes)) or "Its credential does not work."
        mend = f"Mend that, then: drumbeat accounts inspect {name} and drumbeat accounts resume {name}"
        return (error if one.account.live else warning)("credentials", f"{name}: {said}", mend, account=name)
    until = one.report.expires_at if one.report else None
    if until and one.report and one.report.renews and not one.troubles:
        said = f"{name}: its credential is good until {until:%Y-%m-%d %H:%M} UTC, and is renewed before."
        return ok("credentials", said, account=name)
    ends = f"{name}: its credential ends on {until:%Y-%m-%d %H:%M} UTC" if until else ""
    if until and last and until <= last:
        said = f"{ends}, before its last post on {last:%Y-%m-%d %H:%M} UTC."
        return error("credentials", said, _renew(one.account), account=name)
    if until and until < now + SOON:
        return warning("credentials", f"{ends}.", _renew(one.account), account=name)
    if one.troubles:
        return warning("credentials", f"{name}: {' '.join(one.troubles)}", account=name)
    served = f", after its last post on {last:%Y-%m-%d}" if until and last else ""
    said = f"{ends}{served}." if until else f"{name}: its credential works; the platform tells no end of it."
    return ok("credentials", said, account=name)


def _renew(account: Account) -> str:
    by_login = f"Log in again: drumbeat accounts login {account.name}"
    return by_login if is_by_login(account) else "Renew it and put it into .env."


def told(workspace: Workspace, secret: Secret, failures: Callable[[], Failures]) -> Iterator[Checkup]:
    """Whether trouble would reach people: the variables are set, and hold addresses that can be used."""
    yield from _notify(workspace, failures)
    variable = workspace.heartbeat
    if not variable:
        return
    url = secret(variable)
    if not url:
        yield error("heartbeat", f"{variable} is not set.", "Put it into .env.")
    else:
        checked(url, "the heartbeat")
        yield ok("heartbeat", f"While all is well, the address in {variable} is pinged once a minute.")


def _notify(workspace: Workspace, failures: Callable[[], Failures]) -> Iterator[Checkup]:
    if not workspace.notify:
        mend = "In drumbeat.yaml write `notify: [env:NOTIFY_URL]`; see docs, When something fails."
        yield warning("notify", "Nobody is told when something fails.", mend)
        return
    if find_spec("apprise") is None:
        yield error("notify", "`notify:` needs Apprise, which is not installed.", "pip install 'drumbeat[notify]'")
        return
    failed = failures()
    for name in workspace.notify:
        if name in failed:
            yield error("notify", f"{name} {failed[name]}.", "Mend it in .env, then: drumbeat notify --test")
        else:
            yield ok("notify", f"{name} holds an address that Apprise knows; `drumbeat notify --test` tries it.")
