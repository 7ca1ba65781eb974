"""The templates of posts and cards, all of them, as texts by their name.

A post's template is called as it lies below `templates/posts/`; a card's as it lies below
`templates/cards/`, with `card:` before it, so that the two never meet under one name.
"""

from pathlib import Path

from scheduler.finding import Finding, Place, error
from scheduler.model.campaign import CARD
from scheduler.workspace import files

FOLDER = Path("templates", "posts")
CARDS = Path("templates", "cards")
_MAX_FILES = 5_000
_MAX_DEPTH = 8
_MAX_BYTES = 20_000_000


def texts(root: Path) -> tuple[dict[str, str], list[Finding]]:
    """Every template's text by its name (`opening.mk.j2`, `card:spotlight.svg`), and what could not be read."""
    posts, found = _texts(root, FOLDER)
    cards, more = _texts(root, CARDS)
    return {**posts, **{f"{CARD}{name}": text for name, text in cards.items()}}, [*found, *more]


def _texts(root: Path, folder: Path) -> tuple[dict[str, str], list[Finding]]:
    base = root / folder
    paths, found = _below(root, base, 0)
    read: dict[str, str] = {}
    weight = 0
    for path in paths[:_MAX_FILES]:
        got = files.read(root, path)
        if got.finding:
            found.append(got.finding)
        if got.text is not None and weight < _MAX_BYTES:
            weight += len(got.text)
            read[files.relative(base, path)] = got.text
    if len(paths) > _MAX_FILES or weight >= _MAX_BYTES:
        message = f"There are more than {_MAX_FILES} templates, or more than {_MAX_BYTES // 1_000_000} MB of them."
        place = Place(folder.as_posix())
        found.append(error("too-big", message, mend="Take away what no post uses.", place=place))
    return read, found


def _below(root: Path, folder: Path, depth: int) -> tuple[list[Path], list[Finding]]:
    """The files below `folder` but hidden ones; links to folders are not followed."""
    entries, found = files.listing(root, folder)
    paths: list[Path] = []
    for entry in entries:
        if entry.name.startswith(".") or len(paths) > _MAX_FILES:
            continue
        if not files.is_folder(entry):
            paths.append(entry)
        elif depth < _MAX_DEPTH:
            more, trouble = _below(root, entry, depth + 1)
            paths += more
            found += trouble
    return paths, found
