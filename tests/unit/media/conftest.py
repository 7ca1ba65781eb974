"""A workspace's folder with pictures in it, drawn for each test."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from scheduler.media.probe import probe
from scheduler.model.content import Media
from scheduler.model.media import Recipe

Drawn = Callable[..., Media]


@pytest.fixture
def noise() -> Callable[..., bytes]:
    def noise(kind: str = "JPEG", size: tuple[int, int] = (240, 160), mode: str = "RGB", **options: object) -> bytes:
        """A picture with detail in it, so that bytes are hard to save."""
        stream = io.BytesIO()
        Image.effect_noise(size, 80).convert(mode).save(stream, kind, **options)
        return stream.getvalue()

    return noise


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "media").mkdir()
    return tmp_path


@pytest.fixture
def drawn(root: Path) -> Drawn:
    def draw(content: bytes, recipe: Recipe | None = None, name: str = "a") -> Media:
        """The bytes as a file of the workspace, looked at."""
        (root / "media" / name).write_bytes(content)
        return Media(name, facts=probe(root, [name]).facts[name], recipe=recipe)

    return draw
