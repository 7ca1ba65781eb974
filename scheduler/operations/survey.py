"""Looking at the files and the queue together: what would be posted, what is wrong, what would change.

`check`, `plan`, `preview`, `apply` and `status` all begin here, so that they can never
disagree. A survey reads and never writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scheduler.checking import check_plan, media_places
from scheduler.composing.brief import Brief, Composed
from scheduler.composing.worker import compose_in_worker
from scheduler.errors import UsageError, WorkspaceError
from scheduler.finding import Finding, Severity, error, has_errors
from scheduler.media.probe import probe
from scheduler.model.account import Workspace
from scheduler.model.campaign import Campaign
from scheduler.operations.cards import look_at_cards
from scheduler.operations.progress import Progress, silent
from scheduler.planning.changes import ChangeSet
from scheduler.planning.diff import diff
from scheduler.planning.plan import Plan, plan, with_media
from scheduler.planning.snapshot import EMPTY, Snapshot
from scheduler.publishers.installed import installed
from scheduler.workspace.git import tracked_env
from scheduler.workspace.loader import Loaded, load

_USED_ELSEWHERE = frozenset({"template-unused", "record-unused", "waiver-unused"})
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Survey:
    """The files at one moment beside the queue. `workspace` is None only where it could not be read."""

    loaded: Loaded
    at: datetime
    plan: Plan
    snapshot: Snapshot
    findings: tuple[Finding, ...]
    only: frozenset[str] | None

    @property
    def workspace(self) -> Workspace:
        """The workspace. Raises `WorkspaceError` where drumbeat.yaml could not be read."""
        if self.loaded.workspace is None:
            raise refused(self.findings)
        return self.loaded.workspace

    def sound(self) -> "Survey":
        """This survey. Raises `WorkspaceError` with an error in any file: nothing is planned then."""
        if has_errors(self.findings):
            raise refused(self.findings)
        return self

    def changes(self) -> ChangeSet:
        """What `apply` would do."""
        return self.changes_against(self.snapshot)

    def changes_against(self, snapshot: Snapshot) -> ChangeSet:
        """What `apply` would do to a queue that holds `snapshot`."""
        return diff(self.plan, snapshot, campaigns=self.only, now=self.at)


def refused(findings: Sequence[Finding]) -> WorkspaceError:
    """The error that carries what is wrong with the files."""
    count = sum(finding.severity is Severity.ERROR for finding in findings)
    return WorkspaceError(f"{count} {'error' if count == 1 else 'errors'} to mend first.", findings)


def survey(
    root: Path,
    *,
    at: datetime,
    snapshot: Snapshot = EMPTY,
    only: Sequence[str] = (),
    loaded: Loaded | None = None,
    progress: Progress = silent,
) -> Survey:
    """Look at the workspace in `root` at the moment `at`. Raises `UsageError` for an unknown campaign in `only`."""
    files = loaded or load(root)
    planned = _plan(files, at, snapshot, _chosen(files, only), progress)
    found = [*files.findings, *planned.findings]
    unread = has_errors(found)
    if files.workspace is not None:
        places = media_places(planned, files.workspace, files.campaigns)
        probed = probe(root, places, places)
        planned = with_media(planned, probed.facts, files.workspace)
        seen = look_at_cards(planned, places)
        found += [*probed.findings, *seen.findings, *_live_without_publisher(files.workspace)]
        found = list(check_plan(planned, files.workspace, files.campaigns, files.templates, found, seen.flaws))
    if tracked := tracked_env(root):
        found.append(tracked)
    if unread:  # a post that cannot be read may well use what seems to be used by none
        found = [finding for finding in found if finding.rule not in _USED_ELSEWHERE]
    return Survey(files, at, planned, snapshot, _ordered(found), frozenset(only) or None)


def _live_without_publisher(workspace: Workspace) -> list[Finding]:
    known = installed()
    return [
        error(
            "live-unsupported",
            f"{account.name} is live, but no publisher for {account.platform} is installed.",
            mend="Write `live: false`, or install its publisher.",
            place=account.place,
            path=f"accounts.{account.name}.live",
        )
        for account in workspace.accounts.values()
        if account.live and account.platform not in known
    ]


def _chosen(loaded: Loaded, only: Sequence[str]) -> tuple[Campaign, ...]:
    known = {campaign.id for campaign in loaded.campaigns}
    unknown = [name for name in only if name not in known]
    if unknown and not has_errors(loaded.findings):
        raise UsageError(f"There is no campaign {unknown[0]!r}.", mend=f"There are: {', '.join(sorted(known))}.")
    return tuple(campaign for campaign in loaded.campaigns if not only or campaign.id in only)


def _plan(loaded: Loaded, at: datetime, snapshot: Snapshot, campaigns: Sequence[Campaign], progress: Progress) -> Plan:
    if loaded.workspace is None:
        return Plan(())

    def compose(briefs: Sequence[Brief]) -> Sequence[Composed]:
        with progress("posts composed", len(briefs)) as tell:
            return compose_in_worker(loaded.templates, briefs, tell=tell)

    return plan(loaded.workspace, campaigns, now=at, compose=compose, known=snapshot)


def _ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    once = dict.fromkeys(findings)
    return tuple(sorted(once, key=lambda finding: (_ORDER[finding.severity], finding.place, finding.rule)))
