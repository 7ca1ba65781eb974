# ruff: noqa: INP001 (run as a file, imported by nobody but its test)
"""Writes into the documentation what the code knows best; a test holds the pages to the code.

`python docs/generate.py` rewrites what stands between `<!-- generated: NAME -->` and
`<!-- end -->` in the pages, and the files of `docs/schemas/`. Nothing there is written by
hand, so nothing there can be wrong for long: `tests/meta/test_docs.py` compares.
"""

import html
import importlib
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.clock import SystemClock
from scheduler.model.delivery import Strength
from scheduler.publishers.base import (
    Capabilities,
    Doubles,
    NamedInAdvance,
    Operation,
    ReceiverDecides,
    Refused,
    Replays,
    Surroundings,
    VerifyQuality,
)

if TYPE_CHECKING:
    from scheduler.checking.explain import Explained
    from scheduler.platforms import Platform
    from scheduler.publishers.guide import Guide

DOCS = Path(__file__).resolve().parent
SECTION = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
CODE = re.compile(r"`([^`]*)`")
HELP_WIDTH = 96

WHO = {
    ("scheduled", "claim"): "dispatch; committed before any byte leaves",
    ("scheduled", "refuse"): "dispatch: what had to be prepared was rejected",
    ("scheduled", "cancel"): "a person or a plan, recorded which",
    ("scheduled", "expire"): "the clock: `late` has passed; or a start, for what the stop made late",
    ("sending", "accept"): "dispatch: the receipt is in hand",
    ("sending", "postpone"): "dispatch: surely not sent, and later may work",
    ("sending", "refuse"): "dispatch: surely not sent, and never will be",
    ("sending", "lose_track"): "the reply was lost, or the process died",
    ("sending", "hand_over"): "a person has it, and will say what became of it",
    ("uncertain", "accept"): "reconcile found it, or a person says so",
    ("uncertain", "postpone"): "reconcile proved it absent, or a repeat is safe",
    ("uncertain", "refuse"): "a person says that it is not there",
    ("failed", "reopen"): "a person (`retry`), or a plan with a due ahead again",
    ("missed", "reopen"): "a person (`retry`), or a plan with a due ahead again",
    ("cancelled", "reopen"): "a person (`retry`), or a plan where a plan had cancelled",
    ("retracted", "reopen"): "a person (`retry`, `retract --and-resend`)",
    ("sent", "retract"): "the platform confirmed the delete",
}


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(barless(cell) for cell in line) + " |\n" for line in lines)


def barless(cell: str) -> str:
    """A cell whose bars divide nothing. Escapes inside code mean one thing to GitHub and another to MkDocs."""
    if "|" not in cell:
        return cell
    return CODE.sub(lambda match: f"<code>{html.escape(match[1], quote=False)}</code>", cell).replace("|", "&#124;")


def lifecycle() -> str:
    """The table of moves, and the same as a diagram."""
    from scheduler.model.lifecycle import TRANSITIONS

    moves = [(str(state), str(event), str(end)) for (state, event), end in TRANSITIONS.items()]
    rows = table(("from", "on", "to", "who"), ((s, e, t, WHO[s, e]) for s, e, t in moves))
    arrows = "".join(f"    {s} --> {t}: {e}\n" for s, e, t in moves)
    return f"{rows}\n```mermaid\nstateDiagram-v2\n    [*] --> scheduled\n{arrows}```\n"


ON_CARDS = "Words on cards"


def templates() -> str:
    """Everything that a template may use, by kind."""
    from scheduler.composing.reference import template_reference

    entries = template_reference()
    titles = {
        "variable": "Variables",
        "function": "Functions",
        "filter": "Filters",
        "test": "Tests",
        "attribute": ON_CARDS,
    }
    return "\n".join(
        f"### {title}\n\n"
        + table(
            ("written as", "meaning", "example"),
            ((code(e.signature), e.meaning, code(e.example)) for e in entries if e.kind == kind),
        )
        for kind, title in titles.items()
    )


def code(text: str) -> str:
    """`text` as inline code."""
    return f"`{text}`"


def commands() -> str:
    """The help of every command, as the terminal prints it."""
    from scheduler.cli.main import COMMANDS

    return "\n".join(section for name in COMMANDS for section in command_sections(name))


def command_sections(name: str) -> Iterator[str]:
    """A command's section, and one below it for each command within it."""
    command = command_named(name)
    yield f"## {name}\n\n```text\n{help_of(name)}\n```\n"
    for inner, below in within(command).items():
        yield f"### {name} {inner}\n\n```text\n{help_text(below, f'drumbeat {name} {inner}')}\n```\n"


def command_named(name: str) -> click.Command:
    """The command of the module that bears its name."""
    command: click.Command = importlib.import_module(f"scheduler.cli.{name}").command
    return command


def within(command: click.Command) -> Mapping[str, click.Command]:
    """The commands within a command."""
    return command.commands if isinstance(command, click.Group) else {}


def help_of(name: str) -> str:
    """What `drumbeat NAME --help` prints."""
    return help_text(command_named(name), f"drumbeat {name}")


def help_text(command: click.Command, called: str) -> str:
    """The help of a command that is called so."""
    context = click.Context(
        command,
        info_name=called,
        max_content_width=HELP_WIDTH,
        terminal_width=HELP_WIDTH,
        help_option_names=["-h", "--help"],  # as `drumbeat` itself has them
    )
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def settings() -> str:
    """The variables that Drumbeat itself reads."""
    from scheduler.settings import VARIABLES

    return table(
        ("variable", "meaning", "default"),
        ((code(v.name), v.meaning, code(v.default) if v.default else "") for v in VARIABLES),
    )


def workspace_format() -> str:
    """The keys of drumbeat.yaml."""
    return entries("workspace")


def campaign_format() -> str:
    """The keys of a campaign file."""
    return entries("campaign")


def entries(name: str) -> str:
    """One table for each kind of entry in a format, the file itself first."""
    from scheduler.workspace.schema import json_schemas

    schema = json_schemas()[name]
    kinds = {"": schema, **{key: kind for key, kind in schema.get("$defs", {}).items() if kind.get("properties")}}
    return "\n".join(entry(key, kind) for key, kind in kinds.items())


def entry(name: str, kind: Mapping[str, Any]) -> str:
    """The table of one kind of entry."""
    required = kind.get("required", ())
    rows = (
        (code(key), written(field), "required" if key in required else default_of(field), field.get("description", ""))
        for key, field in kind["properties"].items()
    )
    told = kind.get("description", "").replace("\n", " ")
    title = re.sub(r"Entry$", "", name) or "The file's own keys"
    return f"### {title}\n\n{told}\n\n" + table(("key", "written as", "default", "meaning"), rows)


def default_of(field: Mapping[str, Any]) -> str:
    """A default worth showing."""
    default = field.get("default")
    return "" if default in (None, "", [], {}) else code(LENGTHS.get(str(default), str(default).lower()))


LENGTHS = {"PT2H": "2h", "P1D": "1d"}


def written(field: Mapping[str, Any]) -> str:
    """In a few words, how a value is written."""
    if choices := field.get("anyOf") or field.get("oneOf"):
        words = dict.fromkeys(written(part) for part in choices if part.get("type") != "null")
        return " or ".join(word for word in words if word)
    if "$ref" in field:
        name = re.sub(r"Entry$", "", str(field["$ref"]).rsplit("/", 1)[-1])
        return f"[{name}](#{name.lower()})"
    if "enum" in field:
        words = dict.fromkeys(str(word).lower() for word in field["enum"])
        return ", ".join(code(word) for word in words)
    return of_type(field)


def of_type(field: Mapping[str, Any]) -> str:
    """How a value of a plain type is written."""
    kind = field.get("type")
    if kind == "array":
        return f"list of {written(field.get('items', {})) or 'values'}"
    if kind == "object" and "alt-missing" in field.get("properties", ()):
        return "{rule: …}, as told in [Checks](checks.md)"
    if kind == "object":
        shapes = [field.get(word, {}).values() for word in ("patternProperties", "properties")]
        inside = [field.get("additionalProperties"), *shapes[0], *shapes[1]]
        inner = next((written(part) for part in inside if isinstance(part, dict)), "")
        return f"{{name: {inner or 'value'}}}"
    if "pattern" in field:
        return patterns().get(field["pattern"], "text")
    return "any value" if kind is None else "number" if kind == "integer" else "text"


def patterns() -> dict[str, str]:
    """The patterns of the formats, in a person's words."""
    from scheduler.workspace import cadence, fields, values
    from scheduler.workspace.languages import LANGUAGE

    civil = rf"{values.DAY}[ T]+{values.CLOCK}\s?{values.OFFSET}?"
    return {
        f"^(?:{values.ID})$": "id",
        f"^(?:{values.CLOCK})$": "time, as `9:00`",
        f"^(?:{values.DAY})$": "day, as `2027-06-30`",
        f"^(?:{values.LENGTH})$": "duration, as `2h`",
        f"^(?:{civil})$": "moment, as `2027-06-30 09:00`",
        f"^(?:{LANGUAGE})$": "language code",
        r"^(?:[A-Za-z0-9_+/-]+)$": "zone",
        fields.VARIABLE["pattern"]: "`env:NAME`",
        cadence.PATTERN: "rule, as `weekday 12:15`",
        "^[1-9][0-9]{0,14}$": "number",
    }


def platforms() -> str:
    """What each platform takes, and what it can show."""
    from scheduler.platforms import PLATFORMS

    ordered = sorted(PLATFORMS.values(), key=lambda platform: platform.title.lower())
    takes = (
        (code(p.name), p.title, text_limit(p), media_limit(p), amount(p.limits.get("alt")), poll_limit(p))
        for p in ordered
    )
    shows = (
        (code(p.name), *(yes(word in p.features) for word in SHOWN), ", ".join(sorted(p.visibilities))) for p in ordered
    )
    return "\n".join(
        (
            "### What it takes\n",
            table(("name", "platform", "text", "pictures and videos", "alternative text", "poll"), takes),
            "### What it can show\n",
            table(("name", *(word.replace("_", " ") for word in SHOWN), "visibility"), shows),
        )
    )


def media() -> str:
    """What each platform takes of pictures and videos; what states nothing is left out."""
    from scheduler.platforms import PLATFORMS

    head = ("platform", "pictures", "at most", "shape, width to height", "moves", "videos")
    ordered = sorted(PLATFORMS.values(), key=lambda platform: platform.title.lower())
    stating = [platform for platform in ordered if platform.media_types]
    rows = ((p.title, kinds(p.media_types, "image/"), largest(p), shape(p), moving(p), videos(p)) for p in stating)
    rest = ", ".join(platform.title for platform in ordered if not platform.media_types)
    return f"{table(head, rows)}\nTakes anything: {rest}.\n"


def publishers() -> str:
    """The publishers that ship, by the entry points, and what their files say of themselves."""
    rows = ((code(name), about(where)) for name, where in shipped().items())
    return table(("publisher", "what it does"), rows)


def shipped() -> dict[str, str]:
    """The entry points of `pyproject.toml`: a publisher's name to where it is."""
    project = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points: dict[str, str] = project["entry-points"]["drumbeat.publishers"]
    return points


REPEATS: Mapping[type, str] = {
    Replays: "the first post again, for {minutes} min",
    Refused: "refused as a duplicate",
    NamedInAdvance: "the same post again, for ever",
    Doubles: "a second post",
    ReceiverDecides: "up to the receiver",
}
LOOKS: Mapping[VerifyQuality, str] = {
    VerifyQuality.EXACT: "looked up by its own id",
    VerifyQuality.TIMELINE: "looked for among the account's own posts",
    VerifyQuality.PROBE: "asked of what was prepared for it",
    VerifyQuality.NONE: "cannot be looked up: a person decides",
}


RECEIPTS: Mapping[Strength, str] = {
    Strength.PROVEN: "proven",
    Strength.ACCEPTED: "accepted",
    Strength.SAID: "said by a person",
}


def promises() -> str:
    """What each publisher promises where a reply is lost."""
    heads = (
        "publisher",
        "a repeat makes",
        "a lost reply is",
        "a receipt is",
        "takes down",
        "counts",
        "sends at most",
        "charges",
        "tried on",
    )
    return table(heads, promise_rows())


def tried_on() -> dict[str, str]:
    """For each publisher what it was tried on that other people wrote, by `tests/real` and by the page on proof."""
    proof = (DOCS / "developers" / "proof.md").read_text(encoding="utf-8")
    section = proof.partition("## Publishers: on real servers")[2].partition("\n## ")[0]
    told = re.findall(r"^\| `([a-z-]+)` \| (.+?)(?:: | \|)", section, re.MULTILINE)
    found = {name: said.strip() for name, said in told if said.strip() != "-"}
    for path in sorted((DOCS.parent / "tests" / "real").glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        platform = re.search(r'^ACCOUNT = \("[^"]+", "([a-z]+)"\)', text, re.MULTILINE)
        server = re.match(r'"""[^:]+ for real: (.+?)(?:,| on loopback)', text)
        if platform and server and path.name.startswith(f"test_{platform[1]}"):
            found[platform[1]] = f"{server[1]}: {len(re.findall('^def test_', text, re.MULTILINE))} tests"
    return found


def promise_rows() -> Iterator[tuple[str, ...]]:
    """One row a publisher, from its own word."""
    tried = tried_on()
    for name in sorted(shipped()):
        for kind in kinds_of(name) if name != "dry-run" else ():
            told = promised(name, kind)
            yield (kind_named(name, kind), *told.values(), tried.get(name, "its emulator only"))


def kinds_of(name: str) -> "tuple[Guide, ...]":
    """The account to which `accounts add` leads, and then those kinds which promise something else."""
    guide: Guide = class_at(shipped()[name]).guide
    return (guide, *guide.others)


def kind_named(name: str, kind: "Guide") -> str:
    """`discord`, and `discord` by a bot."""
    return code(name) if kind is kinds_of(name)[0] else f"{code(name)} {kind.title}"


def promised(name: str, kind: "Guide") -> dict[str, str]:
    """What is promised of one kind of account, from the publisher's own word."""
    can, platform = capabilities_of(name, kind), platform_of(name, kind)
    minutes = can.on_repeat.window.total_seconds() // 60 if isinstance(can.on_repeat, Replays) else 0
    return {
        "a repeat makes": REPEATS[type(can.on_repeat)].format(minutes=int(minutes)),
        "a lost reply is": LOOKS[can.verify],
        "a receipt is": RECEIPTS[can.receipt],
        "takes down": takes_down(can),
        "counts": yes(Operation.METRICS in can.operations),
        "sends at most": " and ".join(f"{one.posts:,} in {span(one.seconds)}" for one in platform.quotas) or "-",
        "charges": platform.prices.told() if platform.prices else "-",
    }


def platform_of(name: str, kind: "Guide") -> "Platform":
    """The rules of a platform as they are to one kind of account."""
    from scheduler.platforms import platform_named

    platform = platform_named(name)
    account = kind.example()
    return platform.by(platform.way({*account.settings, *account.secrets}) if kind is not kinds_of(name)[0] else "")


def glance(name: str) -> str:
    """What there is to know of a platform in a few lines, the same on every page."""
    kinds = kinds_of(name)
    told = [at_a_glance(name, kind) for kind in kinds]
    heads = ("as `drumbeat accounts add` makes it", *(kind.title for kind in kinds[1:])) if kinds[1:] else ("",)
    rows = ((row, *(one[row] for one in told)) for row in told[0])
    same = ((row[0], row[1], *(("the same",) if row[1:2] == row[2:] else row[2:])) for row in rows)
    return table(("", *heads), same)


def at_a_glance(name: str, kind: "Guide") -> dict[str, str]:
    """The rows of `glance` for one kind of account."""
    platform = platform_of(name, kind)
    alt = amount(platform.limits.get("alt")) if platform.limits.get("alt") else "no limit stated"
    lacks = [LACKED.get(word, word) for word in SHOWN if word not in platform.features]
    lacks += ["visibility"] if len(platform.visibilities) < 2 else []  # public, and something else
    shown = "media" in platform.features
    return {
        "text": text_limit(platform),
        "files a post": files_limit(platform) or "no limit stated" if shown else "-",
        "pictures": pictures(platform) if shown else "-",
        "videos": (videos(platform) if platform.media_types else "any") if shown else "-",
        "alternative text": alt if "alt" in platform.features else "-",
        "poll": poll_limit(platform),
        "lacks": ", ".join(lacks) or "-",
        **promised(name, kind),
        "charges": platform.prices.told() if platform.prices else "nothing, as far as we know",
        "tried on": tried_on().get(name, "our emulator only"),
    }


def takes_down(can: Capabilities) -> str:
    """Whether posts can be deleted, and how fast the platform lets an account do that."""
    if Operation.DELETE not in can.operations:
        return yes(has=False)
    pace = f"{can.deletes.number:,} in {span(int(can.deletes.per.total_seconds()))}" if can.deletes else ""
    age = f"for {int(can.deletes_for.total_seconds() // 3600)} h" if can.deletes_for else ""
    return ", ".join(one for one in ("yes", pace, age) if one)


def capabilities_of(name: str, kind: "Guide") -> Capabilities:
    """What a publisher says it can do, of the account that is the guide's example."""
    surroundings = Surroundings(DOCS.parent, SystemClock(), kind.example_secret)
    found: Capabilities = class_at(shipped()[name]).connect(kind.example(), surroundings).capabilities
    return found


def class_at(where: str) -> Any:  # noqa: ANN401  # a publisher's class, by its entry point
    """The class of an entry point."""
    module, _, kind = where.partition(":")
    return getattr(importlib.import_module(module), kind)


def guides() -> str:
    """The publishers that guide to an account, each with its page, if it has one."""
    found = {name: guide for name, where in shipped().items() if (guide := getattr(class_at(where), "guide", None))}
    rows = ((code(f"drumbeat accounts add {name}"), guide.title, story(name)) for name, guide in sorted(found.items()))
    return table(("command", "leads to", "the longer story"), rows)


def story(platform: str) -> str:
    """A link to the platform's page, if it has one."""
    page = DOCS / "organizers" / f"accounts-{platform}.md"
    if not page.exists():
        return "-"
    return f"[{page.read_text(encoding='utf-8').partition(chr(10))[0].removeprefix('# ')}]({page.name})"


def about(where: str) -> str:
    """The first sentence of a module's docstring."""
    module = importlib.import_module(where.partition(":")[0])
    return " ".join((module.__doc__ or "").split("\n\n")[0].split())


def findings() -> str:
    """Every finding by its id: those of the rules, then all others by what they are about."""
    from scheduler.checking.explain import explained
    from scheduler.checking.reasons import SECTIONS
    from scheduler.checking.rules import RULES

    head = ("id", "", "why")
    rules = table(head, ((code(one.id), str(one.severity), one.reason) for one in RULES))
    parts = [f"## Posts, by rules\n\nEach with its example on the page [Checks](checks.md#the-rules).\n\n{rules}"]
    for section in SECTIONS:
        told = (explained(reason.id) for reason in section.reasons)
        intro = f"{section.intro}\n\n" if section.intro else ""
        parts.append(f"## {section.title}\n\n{intro}" + table(head, ((code(o.id), o.weight, o.reason) for o in told)))
    return "\n".join(parts)


def rules() -> str:
    """What can be said of each rule, one section a rule."""
    from scheduler.checking.explain import explained
    from scheduler.checking.rules import RULES

    return "\n".join(rule(explained(one.id)) for one in sorted(RULES, key=lambda one: one.id))


def rule(one: "Explained") -> str:
    """The section of one rule."""
    thresholds = [
        ("threshold", f"{code(name)}: {own.means}" + (f" ({own.default})" if own.default != "" else ""))
        for name, own in one.thresholds.items()
    ]
    rows = [
        ("weighs", f"{one.weight}{'' if one.settable else ', always'}"),
        ("what", one.what),
        ("why", one.reason),
        ("source", one.source),
        *thresholds,
        ("not so", shown_as_written(one.example)),
        ("but so", shown_as_written(one.better)),
        ("`--fix`", one.fix),
    ]
    return f"### {one.id}\n\n" + table(("", ""), (row for row in rows if row[1]))


def shown_as_written(example: str) -> str:
    """An example as code; one that is told in words has code of its own in it."""
    return code(example) if example and "`" not in example else example


LACKED = {"alt": "alternative text", "link_card": "link card", "media": "pictures"}
SHOWN = ("thread", "media", "alt", "warning", "poll", "language", "link_card")


def yes(has: bool) -> str:  # noqa: FBT001 (a table's cell)
    """A cell for what is there or not."""
    return "yes" if has else "-"


def amount(value: int | None) -> str:
    """A cell for a number that may not be stated."""
    return f"{value:,}" if value else "-"


def text_limit(platform: "Platform") -> str:
    """How long a text may be, in each of the platform's units."""
    limits = platform.limits
    whole = (
        f"{limits['text']:,} {platform.unit}" if limits.get("text") else f"no limit stated, counted in {platform.unit}"
    )
    rest = [f"{limits[key]:,} {words}" for key, words in ALSO.items() if limits.get(key)]
    return ", ".join((whole, *rest))


ALSO = {
    "bytes": "bytes",
    "caption": "under a picture",
    "url": "for each link",
    "hashtags": "hashtags",
    "cashtags": "cashtag",
    "mentions": "mentions",
    "links": "links",
}


def media_limit(platform: "Platform") -> str:
    """How many pictures, and how large."""
    limits = platform.limits
    size = f"{limits['media_bytes'] / 1e6:.3g} MB each" if limits.get("media_bytes") else ""
    return ", ".join(one for one in (files_limit(platform), size) if one) or "-"


def files_limit(platform: "Platform") -> str:
    """How many pictures and videos; empty where nothing is stated."""
    limits = platform.limits
    need = f"at least {limits['media_min']}" if limits.get("media_min") else ""
    count = f"at most {limits['media']}" if limits.get("media") else ""
    return ", ".join(one for one in (need, count) if one)


def pictures(platform: "Platform") -> str:
    """Which pictures, and how large."""
    kinds_taken = kinds(platform.media_types, "image/") if platform.media_types else "any"
    return ", ".join(one for one in (kinds_taken, largest(platform)) if one != "-")


KINDS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WebP",
    "image/avif": "AVIF",
    "video/mp4": "MP4",
    "video/quicktime": "MOV",
    "video/webm": "WebM",
}


def kinds(types: tuple[str, ...], beginning: str) -> str:
    """The names of those types which begin so."""
    return ", ".join(KINDS[one] for one in types if one.startswith(beginning)) or "-"


def largest(platform: "Platform") -> str:
    """The bytes and pixels of a still picture."""
    limits = platform.limits
    said = [f"{limits['media_bytes'] / 1e6:.3g} MB"] if limits.get("media_bytes") else []
    said += [f"{limits['media_width']:,} px wide"] if limits.get("media_width") else []
    said += [f"{limits['media_pixels'] / 1e6:.3g} million px"] if limits.get("media_pixels") else []
    said += [f"width + height {limits['media_sides']:,} px"] if limits.get("media_sides") else []
    return ", ".join(said) or "-"


def shape(platform: "Platform") -> str:
    """The narrowest and the widest picture."""
    least, most = platform.limits.get("ratio_min", 0), platform.limits.get("ratio_max", 0)
    return f"{least / 1000:g} to {most / 1000:g}" if least and most else "any"


def moving(platform: "Platform") -> str:
    """Which pictures move, with bytes of their own where they have such."""
    own = platform.limits.get("moving_bytes", 0)
    size = f", {own / 1e6:.3g} MB" if own else ""
    return f"{kinds(platform.moving_types, 'image/')}{size}" if platform.moving_types else "none"


def videos(platform: "Platform") -> str:
    """Types, bytes and length of a video."""
    limits = platform.limits
    said = [kinds(platform.media_types, "video/")]
    said += [f"{limits['video_bytes'] / 1e6:,.0f} MB"] if limits.get("video_bytes") else []
    least = f"{limits['video_seconds_min']} s to " if "video_seconds_min" in limits else ""
    most = limits.get("video_seconds", 0)
    said += [f"{least}{most // 60}:{most % 60:02} min"] if most else []
    return ", ".join(said) + (", alone in its post" if platform.moving_alone else "")


def poll_limit(platform: "Platform") -> str:
    """How many options, how long, and how long open."""
    limits = platform.limits
    if not limits.get("poll_options"):
        return "-"
    lasts = dict.fromkeys((span(limits["poll_min"]), span(limits["poll_max"])))
    return f"{limits['poll_options']} options of {limits['poll_option']}, open {' to '.join(lasts)}"


def span(seconds: int) -> str:
    """Seconds in a person's words."""
    for size, word in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {word}"
    return f"{seconds} s"


SECTIONS: Mapping[str, Callable[[], str]] = {
    "lifecycle": lifecycle,
    "templates": templates,
    "commands": commands,
    "settings": settings,
    "workspace-format": workspace_format,
    "campaign-format": campaign_format,
    "platforms": platforms,
    "media": media,
    "publishers": publishers,
    "promises": promises,
    "guides": guides,
    "findings": findings,
    "rules": rules,
    **{
        f"glance-{name}": partial(glance, name)
        for name in shipped()
        if (DOCS / "organizers" / f"accounts-{name}.md").exists()
    },
}


def pages() -> Iterator[Path]:
    """The pages that have something generated."""
    every = (DOCS.parent / "README.md", *sorted(DOCS.rglob("*.md")))
    return (path for path in every if "<!-- generated:" in path.read_text(encoding="utf-8"))


def fresh(page: str) -> str:
    """`page` with every generated section as the code has it now."""
    return SECTION.sub(lambda match: f"{match[1]}\n{SECTIONS[match[2]]()}\n{match[3]}", page)


def schemas() -> Iterator[tuple[Path, str]]:
    """The JSON Schema files, and what they should say."""
    from scheduler.workspace.schema import json_schemas

    for name, schema in json_schemas().items():
        text = json.dumps(schema, ensure_ascii=False, indent=2)
        yield DOCS / "schemas" / f"{name}.schema.json", f"{text}\n"


def write() -> None:
    """Bring everything generated up to the code."""
    for page in pages():
        page.write_text(fresh(page.read_text(encoding="utf-8")), encoding="utf-8")
    for path, text in schemas():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
