"""A page of five accounts' day, and the page of any views, to be read as a browser would read it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign
from scheduler.model.content import Content, Media
from scheduler.model.media import MediaFacts
from scheduler.model.schedule import Window
from scheduler.preview.page.render import render_page
from scheduler.preview.page.sheet import PageSheet, Picture, Scope, picture_key
from scheduler.preview.view import ShownPart, view_of_parts

DAY = date(2027, 6, 30)
NINE = datetime(2027, 6, 30, 7, tzinfo=UTC)
ZONE = "Europe/Skopje"
EMPTY_TAGS = frozenset({"meta", "input", "img", "br", "rect", "circle", "line", "hr", "link"})


def account(name, platform, *, zone=ZONE, live=False, handle=""):
    return Account(name, platform, zone, handle=handle, live=live, language="en")


ACCOUNTS = (
    account("mastodon-main", "mastodon", handle="sayno@mastodon.example"),
    account("bluesky-main", "bluesky", handle="sayno.example"),
    account("x-main", "x", live=True),
    account("telegram-main", "telegram"),
    account("instagram-main", "instagram"),
    account("letter", "email"),
    account("auckland", "bluesky", zone="Pacific/Auckland"),
)


def workspace(*accounts):
    return Workspace("say-no", ZONE, accounts={one.name: one for one in accounts or ACCOUNTS})


def campaign(name="week", title="A week of saying no"):
    return Campaign(name, title, ZONE, Window(DAY, DAY), (), (), (), file=f"campaigns/{name}.yaml")


def view(content, who="mastodon-main", *, post="hello", slot="once", due=NINE, state="planned", place=None, **more):
    """One post; several contents are a thread."""
    accounts = (place or workspace()).accounts
    contents = content if isinstance(content, list) else [content]
    urls = more.pop("urls", ())
    name = f"{more.pop('campaign', 'week')}/{post}/{slot}/{who}"
    parts = [
        ShownPart(name if at == 0 else f"{name}.{at + 1}", state, one, urls[at] if at < len(urls) else "")
        for at, one in enumerate(contents)
    ]
    live = more.pop("live", accounts[who].live)
    return view_of_parts(parts, accounts[who], due=due, timezone=ZONE, live=live, **more)


def picture(name="a.png", alt="Four figures, side by side", **more):
    return Media(name, alt, facts=MediaFacts(name, name.ljust(64, "0"), "image/png", 3, 800, 450), **more)


def small(*media):
    return {picture_key(one): Picture(one.file.encode(), "image/png", 640, 360) for one in media}


def sheet(views, **more):
    told = {
        "workspace": workspace(),
        "scope": Scope.DAY,
        "days": (DAY,),
        "views": views,
        "findings": (),
        "campaigns": [campaign()],
        "rendered_at": NINE,
    }
    return PageSheet(**(told | more))


@dataclass
class Node:
    """One element, with what is in it."""

    tag: str
    attributes: dict[str, str]
    inside: list["Node | str"] = field(default_factory=list)

    @property
    def text(self):
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    def all(self, tag="", *, kind="", **attributes):
        for one in self.inside:
            if isinstance(one, Node):
                if one.fits(tag, kind, attributes):
                    yield one
                yield from one.all(tag, kind=kind, **attributes)

    def one(self, tag="", *, kind="", **attributes):
        found = list(self.all(tag, kind=kind, **attributes))
        assert len(found) == 1, [(node.tag, node.attributes) for node in found]
        return found[0]

    def fits(self, tag, kind, attributes):
        return (
            (not tag or self.tag == tag)
            and (not kind or kind in self.attributes.get("class", "").split())
            and all(self.attributes.get(name.replace("_", "-")) == value for name, value in attributes.items())
        )


class Reader(HTMLParser):
    """Reads a page into nodes; a tag that closes nothing, or is left open, is a mistake of ours."""

    def __init__(self):
        super().__init__()
        self.root = Node("page", {})
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"twice the same attribute in {tag}: {names}"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in EMPTY_TAGS:
            self.open.append(node)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].inside.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data):
        self.open[-1].inside.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root]
    return reader.root


def page(views, **more):
    """The page as a browser understands it."""
    return read(render_page(sheet(views, **more)))


@pytest.fixture
def everything():
    """Views of every kind on one day."""
    first, second = picture(), picture("b.png", alt="")
    warned = Content("What happened. #TimeIsNow", "en", "Content: sexual violence", media=(first,))
    held = view(Content("Old words.", "en"), post="differs", state="scheduled")
    files = view(Content("New words.", "en"), post="differs", due=NINE.replace(hour=9))
    return [
        view(warned),
        view([Content("One.", "en"), Content("Two.", "mk")], "bluesky-main", post="thread"),
        view(Content("Too much. " * 60, "en"), "x-main", post="long", state="failed"),
        view(Content("A letter", "en", media=(second,)), "letter", post="letter", urls=("https://example.org/1",)),
        view(Content("الوقت الآن", "ar"), "auckland", post="arabic", state="sent", dry_run=True),
        replace(held, files=files),
    ]
