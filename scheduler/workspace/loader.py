"""A workspace's files, read whole: whatever is wrong in any of them is said at once.

Nothing here raises over what a file holds. A campaign with an error is left out and its
findings stay; a plan is made only where there is no error at all, and that is the caller's
rule. No clock, no environment, no network.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.finding import Finding, Place, Severity, error, has_errors
from scheduler.model.account import Workspace
from scheduler.model.campaign import Campaign
from scheduler.workspace import (
    build,
    checks,
    combinations,
    files,
    hosting,
    references,
    schema,
    secrets,
    templates,
    translate,
    yaml,
)
from scheduler.workspace.find import FILE
from scheduler.workspace.limits import MAX_FINDINGS
from scheduler.workspace.records import RecordFiles
from scheduler.workspace.tree import Items, Map, Node, Scalar, dotted, locate

FALLBACK_ZONE = "UTC"
_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the files say: `workspace` None where `drumbeat.yaml` is wrong, campaigns without their wrong posts."""

    root: Path
    workspace: Workspace | None
    campaigns: tuple[Campaign, ...] = ()
    templates: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def load(root: Path) -> Loaded:
    """Reads the workspace at `root`. Never raises over a file: `findings` has everything, by file and line."""
    workspace, found = load_workspace(root)
    texts, more = templates.texts(root)
    found += more
    campaigns, more = _campaigns(root, references.Known(workspace, texts))
    found += more
    return Loaded(root, workspace, tuple(campaigns), texts, _sorted(found))


def _sorted(found: list[Finding]) -> tuple[Finding, ...]:
    """By file and line, each once; where YAML itself is the trouble, what follows from it on that line is left out."""
    roots = {finding.place for finding in found if finding.rule.startswith("yaml-")}
    lines = {(place.file, place.line) for place in roots}
    telling = [
        finding
        for finding in dict.fromkeys(found)
        if finding.rule.startswith("yaml-") or (finding.place.file, finding.place.line) not in lines
    ]
    return tuple(sorted(telling, key=lambda finding: (finding.place, _WEIGHT[finding.severity], finding.rule)))


def _tree(root: Path, path: Path) -> tuple[Map | None, list[Finding]]:
    """A file's tree where it is a map, and what is wrong with it so far."""
    file = files.relative(root, path)
    got = files.read(root, path)
    if got.text is None:
        return None, [got.finding] if got.finding else []
    parsed = yaml.parse(got.text, file)
    if isinstance(parsed.root, Map):
        return parsed.root, list(parsed.findings)
    if has_errors(parsed.findings):
        return None, list(parsed.findings)
    mend = "Write `key: value` lines."
    return None, [error("wrong-type", f"{file} holds no keys and values.", mend=mend, place=Place(file, 1, 1))]


def load_workspace(root: Path) -> tuple[Workspace | None, list[Finding]]:
    """Reads drumbeat.yaml alone; None where it is wrong, and then the findings say why."""
    tree, found = _tree(root, root / FILE)
    if tree is None:
        return None, found
    entry, wrong = translate.read(schema.WorkspaceFile, tree, FILE)
    found += [
        *wrong,
        *secrets.written_out(tree, FILE),
        *secrets.account_options(tree, FILE),
        *references.names(tree, FILE),
        *hosting.disagreements(tree, FILE),
        *checks.settings(tree.get("checks"), tree, ("checks",), FILE)[1],
    ]
    if entry is None or has_errors(found):
        return None, found
    return build.workspace(entry, tree, FILE), found


def _campaigns(root: Path, known: references.Known) -> tuple[list[Campaign], list[Finding]]:
    paths, found = files.listing(root, root / "campaigns")
    records = RecordFiles(root)
    campaigns: list[Campaign] = []
    ids: list[tuple[str, Place]] = []
    for path in paths:
        if path.suffix.lower() not in {".yaml", ".yml"} or path.name.startswith("."):
            continue
        tree, more = _tree(root, path)
        found += more
        if tree is None:
            continue
        file = files.relative(root, path)
        if isinstance(name := tree.get("campaign"), Scalar):
            ids.append((str(name), locate(tree, ("campaign",), file)))
        campaign, more = _campaign(tree, file, known, records)
        found += more
        campaigns += [campaign] if campaign else []
    return campaigns, [*found, *references.same_campaigns(ids), *records.unread()]


def _campaign(
    tree: Map, file: str, known: references.Known, files_of: RecordFiles
) -> tuple[Campaign | None, list[Finding]]:
    entry, found = translate.read(schema.CampaignFile, tree, file)
    found += [*combinations.disagreements(tree, file), *checks.wrong(tree, file)]
    records, more = _records(tree, file, files_of)
    found += [*more, *references.references(tree, file, known)]
    if has_errors(found):
        tree, entry = _rest(tree, file, found)
    if entry is None:
        return None, found
    zone = known.workspace.timezone if known.workspace else FALLBACK_ZONE
    campaign = build.campaign(entry, tree, file, zone=zone, records=records)
    wrong = references.windows(campaign)
    return (None if wrong else campaign), [*found, *wrong]


def _rest(tree: Map, file: str, found: list[Finding]) -> tuple[Map, schema.CampaignFile | None]:
    """The campaign without its wrong posts and accounts, so that the rest is looked at too; None if none is left."""
    wrong = [finding.path.split(".") for finding in found if finding.severity is Severity.ERROR]
    if any(path[0] not in {"posts", "accounts"} or len(path) < 2 for path in wrong):
        return tree, None
    rest = Map.at(tree.line, tree.column)
    rest.update(tree)
    for section in ("posts", "accounts"):
        names = {path[1] for path in wrong if path[0] == section}
        rest[section] = _without(tree.get(section), names)
    entry, _ = translate.read(schema.CampaignFile, rest, file)
    return rest, entry


def _without(entries: Node | None, names: set[str]) -> Items:
    """The entries of a list but those named, by a post's id or by their number."""
    kept = Items.at(entries.line, entries.column) if entries is not None else Items.at(1, 1)
    for at, entry in enumerate(entries if isinstance(entries, Items) else ()):
        if str(at) not in names and _name(entry) not in names:
            kept.append(entry)
    return kept


def _name(post: Node) -> str:
    return str(post.get("post")) if isinstance(post, Map) else ""


def _records(tree: Map, file: str, files_of: RecordFiles) -> tuple[build.RecordsOf, list[Finding]]:
    """The records of each post of a campaign file, by the post's id."""
    posts = tree.get("posts")
    gathered: dict[str, build.RecordList] = {}
    found: list[Finding] = []
    for index, post in enumerate(posts if isinstance(posts, Items) else ()):
        node: Node | None = post.get("records") if isinstance(post, Map) else None
        if node is None or not isinstance(post, Map):
            continue
        steps = ("posts", index, "records")
        read = files_of.of(node, file, locate(tree, steps, file), dotted(tree, steps))
        gathered[str(post.get("post"))] = read.records
        found += read.findings
        if len(found) > MAX_FINDINGS:
            break
    return gathered, found
