"""Where the words of a post come from: the value in the campaign file, its template, its records and variables.

A finding names the key that gave a text. Words that do not stand there came through a
template, a record or a variable; these are tried in this order, and nothing else is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.checking.rules.files import names_in_quotes
from scheduler.finding import Finding, has_errors
from scheduler.model.campaign import variants
from scheduler.operations.survey import Survey
from scheduler.workspace import files, yaml
from scheduler.workspace.mending import Source, source
from scheduler.workspace.templates import FOLDER
from scheduler.workspace.tree import Node, Steps, undotted

_WORDS = frozenset({"text", "warning", "link", "alt", "credit", "options", "hashtags"})
"""The keys of a campaign file that hold what people read."""
_TEMPLATES = FOLDER.as_posix()


@dataclass(frozen=True, slots=True)
class Origin:
    """One value of one file; `template`: what stands in braces in it is code."""

    file: str
    path: Steps
    template: bool = True


@dataclass(slots=True)
class Shelf:
    """The workspace's files, each read once, and only what is inside it and can be read whole."""

    root: Path
    _sources: dict[str, Source | None] = field(default_factory=dict)

    def source(self, name: str) -> Source | None:
        """The file `name`, or None where it is not there, leads out of the workspace, or is broken."""
        if name not in self._sources:
            text = files.read(self.root, self.root / name).text
            self._sources[name] = None if text is None else source(name, text)
        return self._sources[name]


@dataclass(slots=True)
class Origins:
    """Where the words of the findings of one survey come from."""

    survey: Survey
    shelf: Shelf
    _campaigns: frozenset[str] = field(init=False)
    _languages: dict[str, str] = field(init=False)
    _trees: dict[str, Node | None] = field(default_factory=dict)
    _index: dict[str, dict[Steps, dict[Steps, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._campaigns = frozenset(campaign.file for campaign in self.survey.loaded.campaigns)
        self._languages = {one.name: one.content.language for one in self.survey.plan.deliveries}

    def of(self, finding: Finding) -> Iterator[list[Origin]]:
        """The values in which the words of a finding may stand, the nearest first."""
        file = finding.place.file
        if file.startswith(f"{_TEMPLATES}/"):
            yield [Origin(file, ())]
        steps = self._steps(finding) if file in self._campaigns else None
        if not steps:
            return
        yield [Origin(file, path) for path in self._paths(file, steps) if _WORDS.intersection(path)]
        language, value = self._languages.get(finding.delivery, ""), self._values(file, steps).get(steps, "")
        if own := self._in_language(value, language) if steps[-1] == "template" else "":
            yield [Origin(f"{_TEMPLATES}/{own}", ())]
        yield list(self._used_by(self._templates[own] if own else value, language))
        if steps[0] == "posts":
            yield [*self._records(file, steps[:2]), *self._variables(file, steps[:2])]

    def _steps(self, finding: Finding) -> Steps | None:
        file = finding.place.file
        if file not in self._trees:
            known = self.shelf.source(file)
            parsed = yaml.parse(known.text, file) if known else None
            self._trees[file] = parsed.root if parsed and not has_errors(parsed.findings) else None
        tree = self._trees[file]
        return undotted(tree, finding.path) if tree is not None and finding.path else None

    def _values(self, file: str, below: Steps) -> dict[Steps, str]:
        """What stands below a path, by the way to it; each file is gone through once, by its posts."""
        if file not in self._index:
            self._index[file] = _indexed(self.shelf.source(file))
        near = self._index[file].get(below[:2], {})
        return {path: value for path, value in near.items() if path[: len(below)] == below} if len(below) > 2 else near

    def _paths(self, file: str, below: Steps) -> list[Steps]:
        return list(self._values(file, below))

    @property
    def _templates(self) -> Mapping[str, str]:
        return self.survey.loaded.templates

    def _in_language(self, name: str, language: str) -> str:
        """The template of this name, in this language where there is one in that; empty where there is none."""
        return next((one for one in (*variants(name, language), name) if one in self._templates), "")

    def _used_by(self, text: str, language: str) -> Iterator[Origin]:
        """The templates that a template's text names, as an import or include does, and those that they name."""
        seen: dict[str, None] = {}
        waiting = [text]
        while waiting:
            named = (self._in_language(name, language) for name in names_in_quotes(waiting.pop()))
            fresh = [name for name in named if name and name not in seen]
            seen |= dict.fromkeys(fresh)
            waiting += [self._templates[name] for name in fresh]
        yield from (Origin(f"{_TEMPLATES}/{name}", ()) for name in seen)

    def _records(self, file: str, post: Steps) -> Iterator[Origin]:
        at = (*post, "records")
        values = self._values(file, at)
        if at not in values:
            yield from (Origin(file, path, template=False) for path in values if path[-1] != "key")
            return
        records = f"campaigns/{values[at]}"
        paths = () if files.strays(values[at]) else self._paths(records, ())
        yield from (Origin(records, path, template=False) for path in paths if path[-1:] != ("key",))

    def _variables(self, file: str, post: Steps) -> Iterator[Origin]:
        """The variables of a post, of its overrides and of its campaign."""
        of_post = (path for path in self._paths(file, post) if "vars" in (*path[2:3], *path[4:5]))
        of_campaign = self._paths(file, ("vars",))
        yield from (Origin(file, path, template=False) for path in (*of_post, *of_campaign))


def _indexed(known: Source | None) -> dict[Steps, dict[Steps, str]]:
    """The values of a file by the first two steps to them, by the first, and all."""
    found: dict[Steps, dict[Steps, str]] = defaultdict(dict)
    for span in known.spans if known else ():
        for length in range(min(len(span.path), 2) + 1):
            found[span.path[:length]][span.path] = span.value
    return found
