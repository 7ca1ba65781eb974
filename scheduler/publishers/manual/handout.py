"""What lies before a person for one post: its page and its pictures, until they say what became of it."""

from collections.abc import Sequence
from pathlib import Path

from scheduler.publishers.disk import replace_files
from scheduler.publishers.manual.place import page_name
from scheduler.publishers.manual.sheet import closed


class PageOfAPost:
    """One post's page, whether it is there yet or not: a `Handout`."""

    def __init__(self, folder: Path, base: str) -> None:
        self._base = base
        self.page = folder / page_name(base)

    @property
    def files(self) -> Sequence[Path]:
        """The pictures and videos beside the page, as they lie there now."""
        return sorted(one for one in self.page.parent.glob(f"{self._base}.*") if one != self.page)

    def close(self, said: str, *, url: str = "") -> None:
        """Puts a page with nothing but these words in its place, and takes the files away. Raises `SchedulerError`.

        And `OSError`; without a page there is nothing to do.
        """
        if not self.page.exists():
            return
        replace_files(self.page.parent, {self.page.name: closed(self._base, said, url=url)})
        for file in self.files:
            file.unlink(missing_ok=True)
