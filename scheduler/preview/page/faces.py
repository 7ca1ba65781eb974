"""A card as a template draws it: every word ready, nothing left to look up.

A face is one text on one platform at one moment, with all the accounts that show it so.
Words come from `describe` and `words`, so that the page says what the terminal says.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from zoneinfo import ZoneInfo

from markupsafe import Markup

from scheduler.finding import Finding
from scheduler.model.account import Workspace
from scheduler.model.zones import zone
from scheduler.platforms import platform_named
from scheduler.preview.changes import other
from scheduler.preview.clockwords import WEEKDAYS, clock, day_words, offset
from scheduler.preview.describe import moment_words
from scheduler.preview.page.looks import Look, handle_of, initials, look_of
from scheduler.preview.page.parts import LengthFace, PartFace, lengths, part_faces
from scheduler.preview.page.texts import plain
from scheduler.preview.timeline import Card
from scheduler.preview.view import DeliveryView, PartView
from scheduler.preview.worddiff import word_diff
from scheduler.preview.words import BY_HAND_WORD

FEW = 4
"""So many accounts fit below a narrow card."""

TONES = {
    "planned": "new",
    "scheduled": "queued",
    "sending": "busy",
    "uncertain": "bad",
    "sent": "out",
    "failed": "bad",
    "missed": "bad",
    "cancelled": "gone",
    "retracted": "gone",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a post waits for a person, the commands that settle it, and on which accounts it is so."""

    words: str
    choices: tuple[str, ...]
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A word for some of a card's accounts, and for how many (0: for all of them)."""

    tone: str
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class AccountFace:
    """One account that shows the post: its name there, its own clock, the state, and how long it is there.

    `away`: its clock is not the reader's. `link` is its own, where each has one.
    """

    id: str
    name: str
    handle: str
    there: str
    away: bool
    state: str
    lengths: tuple[LengthFace, ...]
    urls: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class FilesFace:
    """The same post as the files have it: what differs, in sentences and as pieces of each text that differs."""

    when: str
    parts: tuple[PartFace, ...]
    details: tuple[str, ...]
    words: tuple[tuple[tuple[str, Markup], ...], ...]


@dataclass(frozen=True, slots=True)
class Face:
    """One card, in the name of its first account.

    `states`, `reach` (live or dry run) and `changes` are said once where they hold for all accounts, else with numbers;
    `codes` are the states' inner names, for the filter.
    """

    id: str
    title: str
    campaign: str
    platform: str
    platform_title: str
    look: Look
    accounts: tuple[AccountFace, ...]
    initials: str
    language: str
    visibility: str
    tags: tuple[str, ...]
    states: tuple[Standing, ...]
    codes: str
    reach: tuple[Standing, ...]
    changes: tuple[Standing, ...]
    parts: tuple[PartFace, ...]
    troubles: tuple[Trouble, ...]
    findings: tuple[Finding, ...]
    files: FilesFace | None
    again: str

    @property
    def first(self) -> AccountFace:
        """The account in whose name it is drawn."""
        return self.accounts[0]

    @property
    def wide(self) -> bool:
        """Whether its accounts need the whole width."""
        return len(self.accounts) > FEW

    @property
    def rules(self) -> str:
        """The ids of the rules that found something, for the filter."""
        return " ".join(dict.fromkeys(finding.rule for finding in self.findings))


class Faces:
    """Makes faces for one page: knows its accounts, the reader's clock, the pictures' classes and the findings."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        reader: ZoneInfo,
        styles: Mapping[str, str],
        findings: Mapping[str, Sequence[Finding]],
        changes: Mapping[str, tuple[str, str]],
    ) -> None:
        self._workspace = workspace
        self._reader = reader
        self._styles = styles
        self._findings = findings
        self._changes = changes

    def face(self, card: Card) -> Face:
        """The face of a card."""
        view, look = card.first, look_of(card.first.platform)
        found = dict.fromkeys(one for other in card.views for one in self._findings.get(other.delivery, ()))
        return Face(
            id=view.delivery,
            title=view.title,
            campaign=view.campaign,
            platform=view.platform,
            platform_title=platform_named(view.platform).title,
            look=look,
            accounts=tuple(self._account(one, look) for one in card.views),
            initials=initials(view.account),
            language=view.language,
            visibility="" if (seen := view.parts[0].content.visibility) == "public" else seen,
            tags=view.tags,
            states=_standings(state_of(one) for one in card.views),
            codes=" ".join(dict.fromkeys(one.state for one in card.views)),
            reach=_standings(_reach(one) for one in card.views),
            changes=_standings(self._changes.get(one.delivery, ("", "")) for one in card.views),
            parts=part_faces(view, look, self._styles),
            troubles=_troubles(card.views),
            findings=tuple(found),
            files=self._files(view, view.files, look) if view.files else None,
            again=clock(card.again.astimezone(self._reader)) if card.again else "",
        )

    def _account(self, view: DeliveryView, look: Look) -> AccountFace:
        known = self._workspace.accounts.get(view.account)
        there = view.due.astimezone(zone(view.account_timezone))
        return AccountFace(
            id=view.delivery,
            name=view.account,
            handle=handle_of(known.handle if known else "", look),
            there=wall(there),
            away=there.utcoffset() != view.due.astimezone(self._reader).utcoffset(),
            state=state_of(view)[1],
            lengths=lengths(view.parts[0]),
            urls=web_addresses(view),
            link=view.parts[0].content.link,
        )

    def _files(self, view: DeliveryView, files: DeliveryView, look: Look) -> FilesFace:
        pairs = list(zip_longest(view.parts, files.parts))
        reworded = any(old is None or new is None or old.content != new.content for old, new in pairs)
        details = [sentence for old, new in pairs if old and new for sentence in other(old.content, new.content)]
        return FilesFace(
            when="" if files.due == view.due else moment_words(files.due, self._reader, view.due.date()),
            parts=part_faces(files, look, self._styles) if reworded else (),
            details=tuple(details),
            words=tuple(words for old, new in pairs if (words := _words(old, new))),
        )


def _troubles(views: Iterable[DeliveryView]) -> tuple[Trouble, ...]:
    """Alike troubles once; the commands are those of the first account."""
    found: dict[str, list[DeliveryView]] = {}
    for view in views:
        if view.trouble:
            found.setdefault(view.trouble, []).append(view)
    return tuple(Trouble(words, own[0].choices, tuple(one.account for one in own)) for words, own in found.items())


def state_of(view: DeliveryView) -> tuple[str, str]:
    """The tone and the words for where a post stands."""
    if view.words == BY_HAND_WORD:
        return TONES["sending"], view.words
    return "dry" if view.dry_run and view.state == "sent" else TONES[view.state], view.words


def _reach(view: DeliveryView) -> tuple[str, str]:
    """Whether it goes out for real; nothing where its state says so already."""
    if view.live:
        return "live", "live"
    return ("", "") if view.dry_run else ("dry", "dry run")


def _standings(found: Iterable[tuple[str, str]]) -> tuple[Standing, ...]:
    """Each word with its number, the most first; without one where all share it, and empty words left out."""
    counts = Counter(found)
    alone = len(counts) == 1
    return tuple(
        Standing(tone, words, 0 if alone else number) for (tone, words), number in counts.most_common() if words
    )


def _words(old: PartView | None, new: PartView | None) -> tuple[tuple[str, Markup], ...]:
    """The pieces of a text as it is and as it would be; empty where they are equal."""
    pieces = word_diff(old.content.text if old else "", new.content.text if new else "")
    return tuple((piece.sign, plain(piece.text)) for piece in pieces)


def web_addresses(view: DeliveryView) -> tuple[str, ...]:
    """Where a person can open what is out."""
    return tuple(part.remote_url for part in view.parts if part.remote_url.startswith(("http://", "https://")))


def wall(moment: datetime) -> str:
    """`Wed 09:00 (UTC+12)`: a clock on the wall there."""
    return f"{WEEKDAYS[moment.weekday()][:3]} {moment:%H:%M} ({offset(moment)})"


def dated(moment: datetime) -> str:
    """`Wed 30 June 2027, 09:00 (UTC+2)`: a moment of any day."""
    weekday, rest = day_words(moment.date()).split(" ", 1)
    return f"{weekday[:3]} {rest}, {moment:%H:%M} ({offset(moment)})"
