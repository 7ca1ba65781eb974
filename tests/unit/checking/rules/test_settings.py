"""What stands below an account does what it says, or `check` says that it does not."""

import pytest

from scheduler.checking.case import Remark, Whole
from scheduler.checking.rules.settings import addresses, unknown
from scheduler.model.account import Account, Workspace
from scheduler.planning.plan import Plan
from scheduler.platforms import PLATFORMS
from scheduler.publishers.installed import installed, publisher_class


def whole(platform: str, handle: str = "", **settings: str) -> Whole:
    secrets = {option: name.removeprefix("env:") for option, name in settings.items() if name.startswith("env:")}
    plain = {option: value for option, value in settings.items() if option not in secrets}
    account = Account("main", platform, "UTC", handle=handle, settings=plain, secrets=secrets)
    return Whole(Plan(()), Workspace("rights", "UTC", accounts={"main": account}), (), {})


def told(platform: str, **settings: str) -> list[Remark]:
    return list(unknown(whole(platform, **settings)))


def test_a_misspelled_organization_is_told_before_a_person_speaks_for_it() -> None:
    [remark] = told("linkedin", organisation="2414183", token="env:T")
    assert "LinkedIn has no setting `organisation`" in remark.what
    assert remark.mend == "Did you mean `organization`?"
    assert remark.path == "accounts.main.organisation"


def test_a_misspelled_secret_is_told_too() -> None:
    [remark] = told("wordpress", pasword="env:K")
    assert remark.mend == "Did you mean `password`?"


def test_a_setting_of_another_platform_is_told_with_those_that_there_are() -> None:
    [remark] = told("telegram", chat="@sayno", page="1")
    assert remark.mend == "Take it away. Known here: chat, server, silent, token, topic."


@pytest.mark.parametrize("said", ["nope", "maybe", "0"])
def test_a_switch_that_says_neither_yes_nor_no_is_told(said: str) -> None:
    [remark] = told("x", look=said)
    assert f"`look: {said}`" in remark.what


@pytest.mark.parametrize("said", ["yes", "no", "True", "off"])
def test_a_switch_that_says_yes_or_no_is_fine(said: str) -> None:
    assert told("x", look=said) == []


def test_a_platform_that_nobody_knows_is_not_judged() -> None:
    assert told("dry-run", anything="1") == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_publisher_of_ours_says_what_it_reads(platform: str) -> None:
    assert PLATFORMS[platform].options is not None
    assert PLATFORMS[platform].switches <= (PLATFORMS[platform].options or frozenset())


@pytest.mark.parametrize("platform", sorted(set(installed()) & set(PLATFORMS)))
def test_what_a_guide_asks_for_is_read(platform: str) -> None:
    guide = publisher_class(platform).guide
    for way in filter(None, (guide, guide.by_login, *guide.others)):
        example = way.example()
        assert told(platform, **example.settings, **dict.fromkeys(example.secrets, "env:X")) == []


@pytest.mark.parametrize(
    ("handle", "name"),
    [
        ("https://x.com/our_name", "our_name"),
        ("https://www.threads.com/@our_name/", "our_name"),
        ("instagram.com/our_name?hl=en", "our_name"),
    ],
)
def test_a_handle_that_is_an_address_is_told_with_the_name_in_it(handle: str, name: str) -> None:
    [remark] = addresses(whole("x", handle))
    assert remark.mend == f"Write `handle: {name}`."


@pytest.mark.parametrize("handle", ["", "our_name", "@our_name@example.org", "sayno.bsky.social"])
def test_a_handle_that_is_a_name_is_fine(handle: str) -> None:
    assert list(addresses(whole("x", handle))) == []
