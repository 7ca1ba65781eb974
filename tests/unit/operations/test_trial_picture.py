"""The picture of a trial goes out as one of a post would: in the store, and made to fit."""

from pathlib import Path

import pytest
from PIL import Image

from scheduler.errors import UsageError, WorkspaceError
from scheduler.model.account import Account
from scheduler.model.media import STORE, stored_name
from scheduler.operations.trial_picture import picture_for

INSTAGRAM = Account("photos", "instagram", "Europe/Skopje")
MASTODON = Account("main", "mastodon", "Europe/Skopje")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "media").mkdir()
    Image.new("RGB", (2000, 1600), (90, 20, 60)).save(tmp_path / "media" / "march.png")
    return tmp_path


def test_what_a_platform_cannot_take_is_made_to_fit_and_kept(root: Path) -> None:
    [media] = picture_for(root, INSTAGRAM, "march.png")

    assert media.facts is not None
    assert media.recipe is None
    assert (media.facts.type, media.facts.width) == ("image/jpeg", 1440)
    assert root.joinpath(*STORE, stored_name(media.facts)).is_file()
    assert media.alt


def test_a_platform_that_takes_words_alone_wants_no_picture(root: Path) -> None:
    assert picture_for(root, MASTODON, "") == ()
    assert not root.joinpath(*STORE).exists()


def test_a_platform_that_takes_no_words_alone_says_how_to_name_one(root: Path) -> None:
    with pytest.raises(UsageError) as caught:
        picture_for(root, INSTAGRAM, "")

    assert "accounts test photos --picture" in caught.value.mend


def test_a_file_that_is_none_is_told_with_what_is_wrong(root: Path) -> None:
    with pytest.raises(WorkspaceError) as caught:
        picture_for(root, INSTAGRAM, "../drumbeat.yaml")

    assert caught.value.findings
