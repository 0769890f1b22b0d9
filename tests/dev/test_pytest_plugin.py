"""The fixture `amplify_data`, in sessions of its own."""

import json
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
TODO = (Path(__file__).parents[1] / "data" / "schemas" / "todo" / "model-introspection.json").read_text()
HANDLER = """
    from amplify_data_client import generate_client

    client = generate_client()

    def handler(name):
        return client.models.Todo.create(name=name).data.id
"""
TESTS = """
    import os
    import handler

    def test_one(amplify_data):
        handler.handler("one")
        assert [item["name"] for item in amplify_data.items("Todo")] == ["one"]

    def test_two(amplify_data):
        assert amplify_data.items("Todo") == []
        assert handler.handler("two")

    def test_three(amplify_data):
        assert [todo.name for todo in amplify_data.client().models.Todo.iterate()] == []
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makefile(".json", introspection=TODO)
    pytester.makeini("[pytest]\namplify_data_introspection = introspection.json\n")
    pytester.makepyfile(handler=HANDLER, test_handler=TESTS)
    return pytester


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_each_test_has_an_empty_backend_and_a_module_level_client_works(project: pytest.Pytester, workers: list[str]):
    done = project.runpytest_subprocess("-p", "no:cacheprovider", "--import-mode=prepend", *workers)
    done.assert_outcomes(passed=3)


def test_without_its_setting_the_fixture_says_what_to_set(pytester: pytest.Pytester):
    pytester.makepyfile("def test_it(amplify_data): pass")
    done = pytester.runpytest_subprocess()
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*set amplify_data_introspection in pytest's configuration*"])


def test_a_setting_that_leads_nowhere_is_an_error_at_once(pytester: pytest.Pytester):
    pytester.makeini("[pytest]\namplify_data_introspection = nowhere.json\n")
    done = pytester.runpytest_subprocess()
    assert done.ret != 0
    done.stderr.fnmatch_lines(["*nowhere.json, which is not there*"])


def test_the_environment_is_as_before_afterwards(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    import os

    monkeypatch.setenv("AWS_REGION", "mine")
    pytester.makefile(".json", introspection=TODO)
    pytester.makeini("[pytest]\namplify_data_introspection = introspection.json\n")
    pytester.makepyfile("import os\ndef test_it(amplify_data): assert os.environ['AWS_REGION'] != 'mine'")
    pytester.runpytest_inprocess("-p", "no:xdist", "-p", "no:asyncio").assert_outcomes(passed=1)
    assert os.environ["AWS_REGION"] == "mine"
    assert json.loads(TODO)["version"] == 1
