"""Lines of a terminal, laid out by what a letter really takes and coloured only where asked.

rich is imported here, where a command draws something. Colour only repeats what the words
say: without it nothing is lost. Nothing is read from the environment.
"""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from scheduler.model.measure import Entities
from scheduler.preview.visible import ISOLATE, POP, runs_right_to_left, visible

if TYPE_CHECKING:
    from rich.text import Text

LEAST_WIDTH = 40
LINK, MENTION, HASHTAG = "underline cyan", "underline blue", "underline magenta"


class Sheet:
    """Lines, one after the other; `str()` gives them all. Every foreign text goes through `visible` on its way in."""

    def __init__(self, width: int, *, colour: bool) -> None:
        from rich.console import Console

        self.width = max(width, LEAST_WIDTH)
        self._colour = colour
        self._lines: list[Text] = []
        self._console: Console = Console(
            file=io.StringIO(),
            width=self.width,
            force_terminal=colour,
            color_system="standard" if colour else None,
            no_color=not colour,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
            _environ={},
        )

    def __str__(self) -> str:
        drawn = [self._drawn(line) for line in self._lines]
        return "\n".join(drawn).strip("\n") + "\n"

    def _drawn(self, line: "Text") -> str:
        if not self._colour:
            return line.plain.rstrip()
        with self._console.capture() as captured:
            self._console.print(line, soft_wrap=True, end="")
        return captured.get()

    def blank(self) -> None:
        """An empty line."""
        self._lines.append(styled(""))

    def line(self, text: str, *, style: str = "", indent: int = 0, hang: int = 0) -> None:
        """Text wrapped at words; the lines after the first are indented by `hang` more."""
        self.put(styled(text, style), indent=indent, hang=hang)

    def raw(self, *pieces: str, style: str = "", indent: int = 0) -> None:
        """One line as it is, to copy whole: each piece made safe and in its own direction, nothing wrapped or cut."""
        from rich.text import Text

        line = Text.assemble(" " * indent, *(_isolated(styled(piece)) for piece in pieces), style=style)
        self._lines.append(line)

    def labelled(self, label: str, text: str, *, indent: int, gap: int, style: str = "") -> None:
        """`label` in a column `gap` wide, the text wrapped beside it."""
        self.put(styled(text, style), label=styled(label.ljust(gap), "dim"), indent=indent, hang=gap)

    def put(self, text: "Text", *, label: "Text | None" = None, indent: int = 0, hang: int = 0) -> None:
        """A styled text, wrapped at words, each line in its own direction; `label` stands before the first."""
        from rich.text import Text

        room = max(self.width - indent - hang, LEAST_WIDTH // 2)
        paragraphs = text.split("\n", allow_blank=True)
        lines = [line for paragraph in paragraphs for line in paragraph.wrap(self._console, room)]
        before = label or Text()
        for line in lines:
            line.rstrip()
            self._lines.append(Text.assemble(" " * indent, before, _isolated(line)) if line.plain else line)
            before = Text(" " * hang)


def styled(text: str, style: str = "") -> "Text":
    """A text of one style, made safe for a terminal."""
    from rich.text import Text

    return Text(visible(text), style=style, end="")


def with_entities(text: str, entities: Entities) -> "Text":
    """The text with its links, mentions and hashtags underlined and coloured, each kind in its own colour."""
    from rich.text import Text

    drawn = Text(end="")
    at = 0
    for start, end, style in _spans(entities):
        if start >= at:
            drawn.append(visible(text[at:start]))
            drawn.append(visible(text[start:end]), style=style)
            at = end
    drawn.append(visible(text[at:]))
    return drawn


def _spans(entities: Entities) -> list[tuple[int, int, str]]:
    kinds = ((entities.urls, LINK), (entities.mentions, MENTION), (entities.hashtags, HASHTAG))
    return sorted((entity.start, entity.end, style) for found, style in kinds for entity in found)


def _isolated(line: "Text") -> "Text":
    from rich.text import Text

    if not runs_right_to_left(line.plain):
        return line
    return Text.assemble(ISOLATE, line, POP)


def cells(text: str) -> int:
    """How many columns a terminal gives to `text`."""
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, width: int) -> str:
    """The beginning of the first line of `text`, with … where it was longer than `width` columns."""
    line = visible(text.split("\n", 1)[0])
    if cells(line) <= width and line == visible(text):
        return line
    kept: list[str] = []
    used = 0
    for letter in line:
        used += cells(letter)
        if used > width - 1:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + "…"


def widest(texts: Iterable[str]) -> int:
    """The columns of the widest of `texts`, 0 without any."""
    return max((cells(text) for text in texts), default=0)
