"""Where a token may go."""

import pytest

from scheduler.errors import UsageError
from scheduler.model.account import Account
from scheduler.publishers.servers import in_own_network, server_of


def named(server):
    return server_of(Account("main", "mastodon", "UTC", settings={"server": server} if server else {}))


@pytest.mark.parametrize(
    "written", ["https://social.example", "https://social.example/", "social.example", " social.example "]
)
def test_a_server_is_an_https_address_without_a_slash_at_its_end(written):
    assert named(written).url == "https://social.example"
    assert not named(written).own_network


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.1.2.3", "192.168.0.4", "::1", "fd12::1", "box.local", "gate.internal"]
)
def test_a_host_of_ones_own_network_is_known_by_how_it_is_written(host):
    assert in_own_network(host)


@pytest.mark.parametrize(
    "host", ["social.example", "1.1.1.1", "169.254.169.254", "local", "100.100.100.200", "2606:4700::1"]
)
def test_public_hosts_and_metadata_servers_are_not_ones_own(host):
    assert not in_own_network(host)


def test_plain_http_is_for_ones_own_network_alone():
    assert named("http://127.0.0.1:8080").own_network
    with pytest.raises(UsageError, match="anyone on the way"):
        named("http://social.example")


@pytest.mark.parametrize(
    "written", ["", "ftp://social.example", "https://", "https://social.example:port", "http://169.254.169.254"]
)
def test_what_is_no_address_for_a_token_is_refused(written):
    with pytest.raises(UsageError) as refused:
        named(written)
    assert refused.value.mend
