"""The findings of a page: which card each is about, and alike ones said once for many posts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scheduler.finding import Finding, Severity
from scheduler.preview.page.sheet import PageSheet

MOST_WAYS = 12
"""Posts that one line of findings leads to; the rest is a number."""


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding, said once for all the posts that it is about; `ways` lead to their cards, `more` are left out."""

    finding: Finding
    ways: tuple[tuple[str, str], ...]
    more: int


def by_post(sheet: PageSheet) -> Mapping[str, Sequence[Finding]]:
    """The findings by post: those that name it, and those at its place in a campaign's file."""
    files = {campaign.file: campaign.id for campaign in sheet.campaigns}
    of_post: dict[tuple[str, str], list[Finding]] = {}
    of_name: dict[str, list[Finding]] = {}
    for finding in sheet.findings:
        pieces = finding.path.split(".")
        if finding.delivery:
            of_name.setdefault(_whole(finding.delivery), []).append(finding)
        elif pieces[0] == "posts" and len(pieces) > 1 and finding.place.file in files:
            of_post.setdefault((files[finding.place.file], pieces[1]), []).append(finding)
    found = {}
    for view in sheet.views:
        campaign, post = view.delivery.split("/")[:2]
        if mine := [*of_name.get(view.delivery, ()), *of_post.get((campaign, post), ())]:
            found[view.delivery] = mine
    return found


def _whole(delivery: str) -> str:
    """The post's name, of whichever part it was said."""
    before, _, last = delivery.rpartition("/")
    return f"{before}/{last.partition('.')[0]}" if before else delivery


def weighed(
    findings: Iterable[Finding], posts: Mapping[str, Sequence[Finding]], homes: Mapping[str, str]
) -> list[tuple[str, int, list[FindingLine]]]:
    """The findings by severity, the worst first, each with its number; what was waived stands apart, last."""
    cards: dict[Finding, dict[str, str]] = {}
    for name, found in posts.items():
        for finding in found:
            cards.setdefault(finding, {}).setdefault(homes[name], name)
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault("waived" if finding.waived else finding.severity.value, []).append(finding)
    order = (*(one.value for one in Severity), "waived")
    return [(kind, len(kinds[kind]), _lines(kinds[kind], cards)) for kind in order if kind in kinds]


def _lines(findings: Iterable[Finding], cards: Mapping[Finding, Mapping[str, str]]) -> list[FindingLine]:
    alike: dict[Finding, dict[str, str]] = {}
    for finding in findings:
        ways = alike.setdefault(_without_name(finding), {})
        ways |= cards.get(finding, {})
    return [
        FindingLine(one, tuple((home, _title(name)) for home, name in list(ways.items())[:MOST_WAYS]), _more(ways))
        for one, ways in alike.items()
    ]


def _more(ways: Mapping[str, str]) -> int:
    return max(0, len(ways) - MOST_WAYS)


def _without_name(finding: Finding) -> Finding:
    """The finding as it would be of any post: its name is told beside it."""
    if not finding.delivery or not finding.message.startswith(finding.delivery):
        return finding
    return replace(finding, message="This post" + finding.message.removeprefix(finding.delivery), delivery="")


def _title(name: str) -> str:
    """`week/hello on skopje`."""
    campaign, post, slot, account = name.split("/")
    return f"{campaign}/{post}{'' if slot == 'once' else f' ({slot})'} on {account}"
