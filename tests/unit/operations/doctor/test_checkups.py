"""What a visit to the doctor adds up to."""

from scheduler.errors import Transient
from scheduler.operations.doctor import Verdict, examine, machine, ok, queue
from tests.unit.operations.doctor.conftest import NOW


def test_an_error_makes_a_visit_unhealthy_and_a_look_that_fails_is_an_error():
    def fails():
        raise Transient("Nothing answers.", mend="Wait.")
        yield

    found = examine([("one", lambda: [ok("one", "Well.")]), ("two", fails)])

    assert not found.healthy
    assert found.as_json()["checks"][1] == {
        "check": "two",
        "verdict": Verdict.ERROR,
        "message": "Nothing answers.",
        "mend": "Wait.",
        "account": "",
    }


def test_a_workspace_without_secrets_or_queue_is_well(tmp_path):
    path = tmp_path / ".drumbeat" / "outbox.db"
    found = [
        *machine.secrets_file(tmp_path),
        *machine.disk(tmp_path),
        *queue.database(path),
        *queue.daemon(path, NOW),
    ]

    assert {one.verdict.value for one in found} <= {"ok", "warning"}
    assert list(tmp_path.iterdir()) == []
