"""The two formats, `drumbeat.yaml` and a campaign file, field by field.

Everything about a format is here: the reader, the JSON Schema for editors and the reference
in the docs come from these models, so they cannot drift apart. What depends on several keys
at once (exactly one of `at`, `every`, `spread`) is in `combinations.py`, and in the schema.
"""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

from scheduler.model.account import DEFAULT_DATABASE
from scheduler.workspace import fields, values
from scheduler.workspace.checks import checks_schema, waive_schema
from scheduler.workspace.editor import editor_schema
from scheduler.workspace.fields import (
    PLATFORMS,
    AnyValue,
    Card,
    CivilMoment,
    Clock,
    Day,
    Degradable,
    Flag,
    Hashtag,
    Id,
    Language,
    Length,
    Limit,
    MediaFile,
    OptionalWording,
    Platform,
    PostZone,
    Raw,
    Rule,
    Secret,
    Template,
    Text,
    Variable,
    Visibility,
    Whole,
    Wording,
    Zone,
    keyed,
)
from scheduler.workspace.hosting import HostingEntry
from scheduler.workspace.tree import Items, Map
from scheduler.workspace.values import wrong


def _list(node: object) -> object:
    if not isinstance(node, Items):
        wrong(
            "wrong-type",
            "A list belongs here.",
            "Write it in brackets, [one, two], or a line each with `- ` before it.",
        )
    return node


def _map(node: object) -> object:
    if not isinstance(node, Map):
        wrong("wrong-type", "Keys with values belong here.", "Write `key: value` lines below it, indented.")
    return node


def _filled(node: object) -> object:
    if not _list(node):
        wrong("wrong-type", "This list is empty.", "Name at least one.")
    return node


NO_LENGTH = timedelta(0)
IsList = BeforeValidator(_list)
IsFilled = BeforeValidator(_filled)
NotEmpty = Field(min_length=1)
IsMap = BeforeValidator(_map)
Called = Annotated[dict[Platform, Text], IsMap, keyed(PLATFORMS, fields.TEXT)]
Checks = Annotated[Raw, WithJsonSchema(checks_schema())]
Waivers = Annotated[Raw, WithJsonSchema(waive_schema())]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


_OPTIONS: dict[str, Any] = {
    "additionalProperties": fields.TEXT,
    "patternProperties": {fields.SECRET_OPTION: fields.VARIABLE},
}


class AccountEntry(_Entry):
    """One account. Any other option of its publisher may stand here too; secrets only as env:NAME."""

    model_config = ConfigDict(
        extra="allow",
        frozen=True,
        json_schema_extra=_OPTIONS,
    )
    __pydantic_extra__: dict[str, Raw]

    platform: Platform = Field(description="Whose rules the account speaks by, and its publisher.")
    server: Text | None = Field(None, description="The server's address, where the platform has more than one.")
    token: Secret | None = Field(None, description="env:NAME, a variable's name; the secret itself is kept in .env.")
    handle: Text = Field("", description="How the account is called there.")
    timezone: Zone | None = Field(None, description="The account's own IANA zone; the workspace's by default.")
    language: Language | None = Field(None, description="The language of this account's readers.")
    live: Flag = Field(default=False, description="Until true, the dry-run publisher stands in and nobody is reached.")
    limits: Annotated[dict[Limit, Whole], IsMap, keyed(fields.LIMITS, fields.WHOLE)] = Field(
        default_factory=dict, description="Limits of this server, only where they differ from the platform's."
    )


class SenderEntry(_Entry):
    """Which queue sends the live posts. Written by Drumbeat."""

    id: Text = Field(description="The queue's own id.")
    computer: Text = Field("", description="The computer it was on when this was written.")


class WorkspaceFile(_Entry):
    """drumbeat.yaml: whose posts these are, and where they go."""

    workspace: Id = Field(description="The workspace's id; it goes into every idempotency key, so never change it.")
    timezone: Zone = Field(description="The organizers' own IANA zone: how bare times are read and times are shown.")
    database: Text = Field(DEFAULT_DATABASE, description="Where the queue is kept, relative to the workspace.")
    accounts: Annotated[dict[Id, AccountEntry], IsMap] = Field(description="The accounts, each by its id.")
    groups: Annotated[dict[Id, Annotated[list[Text], IsFilled, NotEmpty]], IsMap] = Field(
        default_factory=dict, description="Names for several accounts."
    )
    mentions: Annotated[dict[Text, Called], IsMap] = Field(
        default_factory=dict, description="For mention(): how each platform calls a person or body."
    )
    sender: SenderEntry | None = Field(
        None, description="Written by the first live `apply`: which queue sends, so that no other copy does."
    )
    notify: Annotated[list[Variable], IsList] = Field(
        default_factory=list, description="Whom the daemon tells of trouble: each env:NAME holds an address of Apprise."
    )
    heartbeat: Variable | None = Field(
        None, description="env:NAME of an address that the daemon pings once a minute while all is well."
    )
    media: HostingEntry | None = Field(
        None, description="Where pictures lie in public, for platforms that fetch them (Threads, Instagram)."
    )
    checks: Checks | None = Field(
        None, description="How the rules of `check` weigh here: `rule: off`, or its severity and thresholds."
    )


class WindowEntry(_Entry):
    """The civil days in which a campaign speaks, both included."""

    first: Day = Field(alias="from", description="The first day.")
    last: Day = Field(alias="to", description="The last day.")


class MomentEntry(_Entry):
    """One moment of several."""

    slot: Id = Field(description="The moment's own id, unique in the post.")
    at: CivilMoment = Field(description="A day and a time, or an instant with its offset.")


class SpreadEntry(_Entry):
    """As many slots as records, evenly over a day: the first at `from`, the last at `to`."""

    on: Day = Field(description="The day.")
    first: Clock = Field(alias="from", description="When the first goes out.")
    last: Clock = Field(alias="to", description="When the last goes out.")


class MediaEntry(_Entry):
    """A picture or video."""

    file: MediaFile = Field(description="The file, below media/. A template.")
    alt: OptionalWording | None = Field(None, description="What it shows, for those who do not see it. A template.")
    credit: OptionalWording | None = Field(None, description="Who made it. A template.")
    decorative: Flag = Field(default=False, description="True where it says nothing that the text does not say.")


class CardEntry(_Entry):
    """A card drawn for the post."""

    template: Card = Field(description="The SVG file, below templates/cards/. Its words are a template.")
    alt: OptionalWording | None = Field(None, description="What it says, for those who do not see it. A template.")
    credit: OptionalWording | None = Field(None, description="Who made it. A template.")
    decorative: Flag = Field(default=False, description="True where it says nothing that the text does not say.")


def _short_or_long(node: object) -> str:
    return "long" if isinstance(node, Map) else "short"


CardOf = Annotated[Annotated[Card, Tag("short")] | Annotated[CardEntry, Tag("long")], Discriminator(_short_or_long)]


class PollEntry(_Entry):
    """A poll."""

    options: Annotated[list[Wording], IsList] = Field(min_length=2, description="The answers, at least two. Templates.")
    open_for: Length = Field(values.duration_of("1d"), description="How long it is open; 24h where nothing is said.")
    multiple: Flag = Field(default=False, description="Whether several answers may be chosen.")


class UtmEntry(_Entry):
    """What tracked links carry: each key becomes utm_key. Templates."""

    source: OptionalWording | None = Field(None, description="utm_source: where the reader came from.")
    medium: OptionalWording | None = Field(None, description="utm_medium: by what kind of link.")
    campaign: OptionalWording | None = Field(None, description="utm_campaign: for which campaign.")
    term: OptionalWording | None = Field(None, description="utm_term: a search word.")
    content: OptionalWording | None = Field(None, description="utm_content: which of several links.")
    id: OptionalWording | None = Field(None, description="utm_id: the campaign's number elsewhere.")


Hashtags = Annotated[list[Hashtag], IsList]
Vars = Annotated[dict[Text, AnyValue], IsMap]
Degrade = Annotated[list[Degradable], IsList]
Tags = Annotated[list[Text], IsList]
Languages = Annotated[list[Language], IsFilled, NotEmpty]
Accounts = Annotated[list[Text], IsFilled, NotEmpty]


class OverrideEntry(_Entry):
    """What a post says differently for one account, group, platform or language."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["text", "template"]}})

    text: Wording | None = Field(None, description="A template in place. Replaces `template`, too.")
    template: Template | None = Field(None, description="A file below templates/posts/. Replaces `text`, too.")
    media: Annotated[list[MediaEntry], IsList] | None = Field(None, description="Pictures and videos, in order.")
    card: CardOf | None = Field(
        None, description="A card drawn from templates/cards/, before the `media`; empty means none."
    )
    warning: OptionalWording | None = Field(None, description="The content warning; empty means none. A template.")
    poll: PollEntry | None = Field(None, description="A poll.")
    link: OptionalWording | None = Field(None, description="The link card. A template.")
    split: Flag | None = Field(None, description="Whether a long text becomes a numbered thread.")
    visibility: Visibility | None = Field(None, description="Who sees it.")
    degrade: Degrade | None = Field(None, description="What may be said another way where a platform lacks it.")
    hashtags: Hashtags | None = Field(None, description="Hashtags, without #.")
    vars: Vars | None = Field(None, description="Values for templates: {{ vars.name }}.")


def _one_or_list(node: object) -> str:
    return "list" if isinstance(node, Items) else "one"


At = Annotated[
    Annotated[CivilMoment, Tag("one")] | Annotated[list[MomentEntry], IsFilled, NotEmpty, Tag("list")],
    Discriminator(_one_or_list),
]
RECORDS_SCHEMA = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["key"]}},
    ]
}
Records = Annotated[Raw, WithJsonSchema(RECORDS_SCHEMA)]


_POST_RULES: dict[str, Any] = {
    "allOf": [
        {"oneOf": [{"required": ["at"]}, {"required": ["every"]}, {"required": ["spread"]}]},
        {"oneOf": [{"required": ["text"]}, {"required": ["template"]}]},
        {"not": {"required": ["jitter", "at"]}},
        {"not": {"required": ["records", "at"], "properties": {"at": {"type": "string"}}}},
    ],
    "dependentRequired": {"spread": ["records"], "from": ["every"], "except": ["every"]},
}


class PostEntry(OverrideEntry):
    """One post: when, what and for whom."""

    model_config = ConfigDict(json_schema_extra=_POST_RULES)

    post: Id = Field(description="The post's id, unique in the campaign.")
    at: At | None = Field(
        None, description="One moment, or a list of {slot, at}. A bare time is civil time in the zone that applies."
    )
    every: Rule | None = Field(None, description="A rule: `weekday 12:15`, `2h 09:00-17:00`, `cron 15 12 * * 1-5`.")
    spread: SpreadEntry | None = Field(None, description="A slot for each record, evenly over a day.")
    first: Day | None = Field(None, alias="from", description="The first day on which `every` counts.")
    excluded: Annotated[list[Day], IsList] | None = Field(
        None, alias="except", description="Days on which `every` does not fire."
    )
    jitter: Length | None = Field(None, description="Makes each slot later by a fixed share of this. Never with `at`.")
    timezone: PostZone | None = Field(None, description="An IANA zone, or `account` for each account's own.")
    records: Records | None = Field(
        None, description="Rows behind the post: a list, or a YAML or CSV file beside this one."
    )
    accounts: Accounts | None = Field(None, description="Accounts and groups; the campaign's by default.")
    languages: Languages | None = Field(None, description="The languages it is written in; the campaign's by default.")
    late: Length | None = Field(None, description="Later than this is missed, not sent.")
    tags: Tags | None = Field(None, description="Words to find it by.")
    waive: Waivers | None = Field(None, description="Rules that do not bind this post, each with the reason why.")
    overrides: Annotated[dict[Text, OverrideEntry], IsMap] = Field(
        default_factory=dict, alias="for", description="What differs for an account, group, platform or language."
    )


class CampaignFile(_Entry):
    """A campaign: every YAML file directly in campaigns/ is one."""

    campaign: Id = Field(description="The campaign's id; the file's name does not matter.")
    title: Text = Field("", description="What it is called among people.")
    timezone: Zone | None = Field(None, description="How bare times here are read; the workspace's zone by default.")
    window: WindowEntry = Field(description="The days in which it speaks, both included.")
    accounts: Accounts = Field(description="Accounts and groups.")
    languages: Languages = Field(
        default_factory=list, description="The languages it is written in, the main one first."
    )
    late: Length = Field(
        values.duration_of("2h"),
        description="Later than this is missed, not sent; 2h where nothing is said.",
        json_schema_extra={"default": "2h"},
    )
    hashtags: Hashtags | None = Field(None, description="Hashtags, without #: {{ hashtags }} in templates.")
    vars: Vars | None = Field(None, description="Values for templates: {{ vars.name }}.")
    utm: UtmEntry | None = Field(None, description="What tracked links carry.")
    visibility: Visibility | None = Field(None, description="Who sees the posts.")
    degrade: Degrade | None = Field(None, description="What may be said another way where a platform lacks it.")
    tags: Tags = Field(default_factory=list, description="Words to find its posts by.")
    checks: Checks | None = Field(None, description="How the rules of `check` weigh here, over drumbeat.yaml's word.")
    waive: Waivers | None = Field(None, description="Rules that bind no post of it, each with the reason why.")
    posts: Annotated[list[PostEntry], IsFilled, NotEmpty] = Field(description="The posts.")


def json_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schemas of the two formats, `workspace` and `campaign`, for editors and the reference."""
    return {
        "workspace": editor_schema(WorkspaceFile, "drumbeat.yaml"),
        "campaign": editor_schema(CampaignFile, "A campaign of Drumbeat"),
    }
