"""The fixture `amplify_data`, in sessions of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"
TODO = (SCHEMAS / "todo" / "model-introspection.json").read_text()
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
ALONE = ("-p", "no:cacheprovider", "--import-mode=prepend")


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makefile(".json", introspection=TODO)
    pytester.makeini("[pytest]\namplify_data_introspection = introspection.json\n")
    pytester.makepyfile(handler=HANDLER, test_handler=TESTS)
    return pytester


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_each_test_has_an_empty_backend_and_a_module_level_client_works(project: pytest.Pytester, workers: list[str]):
    done = project.runpytest_subprocess(*ALONE, *workers)
    done.assert_outcomes(passed=3)


def test_workers_of_xdist_have_backends_of_their_own(project: pytest.Pytester):
    tests = "".join(
        f"""
def test_{n}(amplify_data):
    for other in range(5):
        name = f"{n} {{other}}"
        handler.handler(name)
        time.sleep(0.01)
    assert len(amplify_data.items("Todo")) == 5
    assert all(item["name"].startswith("{n} ") for item in amplify_data.items("Todo"))
"""
        for n in range(12)
    )
    project.makepyfile(test_handler=f"import handler, time\n{tests}")
    project.runpytest_subprocess(*ALONE, "-n", "3").assert_outcomes(passed=12)


def test_a_session_has_one_backend(project: pytest.Pytester):
    project.makepyfile(
        test_handler="""
        import pytest
        seen = set()

        @pytest.mark.parametrize("n", range(3))
        def test_it(amplify_data, n):
            seen.add(amplify_data.url)
            assert len(seen) == 1
        """
    )
    project.runpytest_subprocess(*ALONE).assert_outcomes(passed=3)


def test_a_conftest_may_import_the_handler(project: pytest.Pytester):
    project.makeconftest("import handler")
    project.runpytest_subprocess(*ALONE).assert_outcomes(passed=3)
    project.runpytest_subprocess(*ALONE, "-n", "2").assert_outcomes(passed=3)


def test_functions_of_one_test_are_forgotten_in_the_next(pytester: pytest.Pytester):
    pytester.makefile(".json", introspection=(SCHEMAS / "sample" / "model-introspection.json").read_text())
    pytester.makeini("[pytest]\namplify_data_introspection = introspection.json\n")
    pytester.makepyfile(
        """
        import pytest

        def test_one(amplify_data):
            amplify_data.resolver("echo")(lambda arguments, identity: arguments["text"])
            amplify_data.authorizer(lambda token: True)
            assert amplify_data.client().queries.echo(text="x").data == "x"

        def test_two(amplify_data):
            with pytest.raises(Exception, match="has no function for 'echo'"):
                amplify_data.client().queries.echo(text="x")
            with pytest.raises(Exception, match="Unable to parse JWT token"):
                amplify_data.client(auth_mode="lambda", auth_token="x").models.Todo.list()
        """
    )
    pytester.runpytest_subprocess(*ALONE).assert_outcomes(passed=2)


def test_it_can_be_asked_for_where_plugins_are_not_loaded(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    project.runpytest_subprocess(*ALONE, "-p", "amplify_data").assert_outcomes(passed=3)


def test_without_its_setting_the_fixture_says_what_to_set(pytester: pytest.Pytester):
    pytester.makepyfile("def test_it(amplify_data): pass")
    done = pytester.runpytest_subprocess()
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*set amplify_data_introspection in pytest's configuration*"])
    done.stdout.no_fnmatch_line("*pytest_plugin.py*")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "*ERROR: amplify_data_introspection names *introspection.json, which is not there.*"),
        ("nope", "*ERROR: amplify_data_introspection: *introspection.json (4 bytes) is not JSON*"),
        ("{}", "*ERROR: amplify_data_introspection: *introspection.json is not a model introspection*"),
    ],
)
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_a_setting_that_leads_nowhere_is_an_error_at_once(
    pytester: pytest.Pytester, content: str | None, told: str, workers: tuple[str, ...]
):
    if content is not None:
        pytester.path.joinpath("introspection.json").write_text(content)
    pytester.makeini("[pytest]\namplify_data_introspection = introspection.json\n")
    pytester.makepyfile("def test_it(): pass")
    done = pytester.runpytest_subprocess(*workers)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([told])
    assert "Traceback" not in str(done.stderr)


WITHOUT = """
import importlib.abc, sys

class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {hidden!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hidden())
import importlib.util as util
find = util.find_spec
util.find_spec = lambda name, *more: None if name in {hidden!r} else find(name, *more)
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""
EXTRA = ["graphql", "starlette", "uvicorn"]


def run_without(folder: Path, hidden: list[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT.format(hidden=hidden), "-q", *ALONE, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_without_the_extra_a_project_that_does_not_use_it_runs(pytester: pytest.Pytester):
    pytester.makepyfile("def test_it(): pass")
    done = run_without(pytester.path, EXTRA)
    assert done.returncode == 0, done.stdout + done.stderr


def test_without_the_extra_a_project_that_uses_it_is_told_what_to_install(project: pytest.Pytester):
    done = run_without(project.path, EXTRA)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert (
        "ERROR: amplify_data_introspection: The local backend needs graphql, starlette, uvicorn: pip install"
        in done.stderr
    )
    assert "Traceback" not in done.stderr


def test_a_project_that_does_not_use_it_imports_no_backend_and_starts_nothing(pytester: pytest.Pytester):
    pytester.makepyfile(
        """
        import os, sys, threading

        def test_it():
            assert [name for name in sys.modules if name.startswith("amplify_data_client.dev.local_backend")] == []
            assert not {"httpx", "graphql", "pydantic", "starlette", "uvicorn", "botocore"} & set(sys.modules)
            assert [name for name in os.environ if name.startswith("AMPLIFY_DATA")] == []
            assert threading.active_count() == 1
        """
    )
    arguments = (
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-p",
        "no:asyncio",
        "-p",
        "no:hypothesispytest",
        "-p",
        "no:anyio",
    )
    pytester.runpytest_subprocess(*arguments).assert_outcomes(passed=1)


def test_the_environment_is_as_before_afterwards(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_REGION", "mine")
    pytester.makefile(".json", introspection=TODO)
    pytester.makeini("[pytest]\namplify_data_introspection = introspection.json\n")
    pytester.makepyfile("import os\ndef test_it(amplify_data): assert os.environ['AWS_REGION'] != 'mine'")
    pytester.runpytest_inprocess("-p", "no:xdist", "-p", "no:asyncio").assert_outcomes(passed=1)
    assert os.environ["AWS_REGION"] == "mine"
    assert "AMPLIFY_DATA_DEFAULT_NAME" not in os.environ
