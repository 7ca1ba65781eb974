import pytest

from scheduler.errors import UsageError
from scheduler.model.zones import zone, zone_names


def test_a_zone_is_read_once_and_knows_its_name():
    assert zone("Europe/Skopje") is zone("Europe/Skopje")
    assert zone("Europe/Skopje").key == "Europe/Skopje"


def test_zones_come_from_the_package_and_not_from_the_machine(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("zoneinfo.TZPATH", ())
    zone.cache_clear()

    assert zone("Asia/Almaty").key == "Asia/Almaty"


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "/etc/localtime", "", "Europe", "europe/skopje"])
def test_what_is_no_zone_is_refused_in_words(name: str):
    with pytest.raises(UsageError, match="there is no time zone called"):
        zone(name)


def test_aliases_are_known_too():
    assert {"Europe/Kyiv", "Europe/Kiev", "UTC"} <= zone_names()
