"""Which addresses are public, and that a name is judged by all it leads to."""

import socket
from typing import Any

import pytest

from scheduler.http.addresses import NameNotFound, PrivateAddress, is_public, may_connect, resolve

ANYWHERE = "0.0.0.0"  # noqa: S104 -- judged, not bound to
INSIDE = [
    ANYWHERE,
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "4000::1",
    "ff02::1",
]
OUTSIDE = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4001:80e::200e", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_that_leads_inside_is_not_public(text: str) -> None:
    assert not is_public(text)
    assert not may_connect(text)


@pytest.mark.parametrize("text", OUTSIDE)
def test_an_address_of_the_open_network_is_public(text: str) -> None:
    assert is_public(text)
    assert may_connect(text)


@pytest.mark.parametrize(
    "text", ["127.0.0.1", "::1", "10.1.2.3", "172.20.0.5", "192.168.178.2", "100.64.0.9", "fd12::5", "::ffff:10.0.0.1"]
)
def test_a_server_in_ones_own_network_may_be_allowed(text: str) -> None:
    assert may_connect(text, allow_private=True)


@pytest.mark.parametrize(
    "text",
    [
        "169.254.169.254",
        "fe80::1",
        "fd00:ec2::254",
        "100.100.100.200",
        ANYWHERE,
        "224.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "::10.0.0.1",
    ],
)
def test_metadata_multicast_and_addresses_in_disguise_are_never_allowed(text: str) -> None:
    assert not may_connect(text, allow_private=True)


def leads_to(*addresses: str) -> Any:
    def lookup(_host: str, port: int, **_: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port)) for text in addresses]

    return lookup


def test_a_name_is_asked_for_once_and_every_address_of_it_given() -> None:
    asked: list[str] = []

    def lookup(host: str, port: int, **_: Any) -> Any:
        asked.append(host)
        return leads_to("1.1.1.1", "8.8.8.8")(host, port)

    addresses = resolve("platform.example", 443, seconds=1, lookup=lookup)
    assert [address.sockaddr for address in addresses] == [("1.1.1.1", 443), ("8.8.8.8", 443)]
    assert asked == ["platform.example"]


@pytest.mark.parametrize("inner", ["10.0.0.1", "169.254.169.254", "127.0.0.1"])
def test_one_bad_address_condemns_the_name_and_is_not_told(inner: str) -> None:
    with pytest.raises(PrivateAddress) as caught:
        resolve("rebound.example", 443, seconds=1, lookup=leads_to("1.1.1.1", inner))
    assert inner not in str(caught.value)


@pytest.mark.parametrize("spelling", ["127.1", "0x7f.1", "2130706433", "0177.0.0.1", "0", "localhost", "①②⑦.⓪.⓪.①"])
def test_loopback_is_known_in_every_spelling(spelling: str) -> None:
    with pytest.raises((PrivateAddress, NameNotFound)):
        resolve(spelling, 80, seconds=5)


def test_a_name_without_addresses_is_not_found() -> None:
    with pytest.raises(NameNotFound):
        resolve("empty.example", 443, seconds=1, lookup=leads_to())


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "..", "\udcff.example"])
def test_a_name_that_cannot_be_one_is_not_found(host: str) -> None:
    with pytest.raises(NameNotFound):
        resolve(host, 443, seconds=5)
