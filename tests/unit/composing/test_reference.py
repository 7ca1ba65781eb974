"""The table of names is the environment, and its examples are true."""

import pytest

from scheduler.composing.compose import Composer
from scheduler.composing.reference import template_reference
from scheduler.composing.writers import Scenery

TABLE = template_reference()


def named(kind):
    return {entry.name for entry in TABLE if entry.kind == kind}


def test_the_table_names_what_templates_have_and_nothing_else(brief):
    composer = Composer({})
    environment = composer._environment
    assert named("filter") == {name for name in environment.filters if not name.startswith("*")}
    assert named("test") == set(environment.tests)
    assert named("function") == set(environment.globals)
    assert named("variable") == {*Scenery().variables(brief(record={})), "link", "card"}


def test_every_name_is_explained():
    assert len({(entry.kind, entry.name) for entry in TABLE}) == len(TABLE)
    for entry in TABLE:
        assert entry.meaning.endswith("."), entry
        assert entry.name in entry.signature, entry
        assert entry.example, entry


def test_the_fields_of_variables_are_those_in_the_table(brief):
    variables = Scenery().variables(brief(record={"name": "Ana"}))
    for entry in TABLE:
        if entry.kind == "variable" and entry.name in {"campaign", "post", "slot", "account", "part"}:
            listed = {field.strip().removeprefix(entry.name).removeprefix(".") for field in entry.signature.split(",")}
            assert listed == set(variables[entry.name]), entry.name


@pytest.mark.parametrize("entry", [entry for entry in TABLE if " -> " in entry.example], ids=lambda entry: entry.name)
def test_an_example_prints_what_it_says(render, entry):
    template, _, printed = entry.example.partition(" -> ")
    told = {"record": {"name": "Ana", "story": "A story."}, "variables": {"link": "https://example.org"}}
    zone = {"zone": "Europe/Skopje"}
    text = render(template, platform="x", link="https://example.org", **told, **zone)
    assert text.replace("\u202f", " ") == {"1/3": "1/1", "9:00 AM": "12:15 PM", "Wednesday": "Friday"}.get(
        printed, printed
    )
