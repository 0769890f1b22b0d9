"""Lists what is measured, and how often."""

from collections.abc import Callable

from amplify_data_client.dev.local_backend import LocalBackend

from . import backends, deployed, relations, replies, tables
from .races import JAVASCRIPT, Program, node, run
from .workshop import BUNDLE, HERE, Python, function_environment, serving

FUNCTION, ASYNC_FUNCTION = HERE / "python" / "function.py", HERE / "python" / "async_function.py"


def cold(pythons: list[Python], rounds: int | None) -> str:
    """From the start of the process to the answer of the first create."""
    made = []
    for schema, delay, title in [
        ("small", 0, "Cold start to the first create, a schema of one model"),
        ("large", 0, "Cold start to the first create, a schema of 100 models (660 kB)"),
        ("small", 15, "Cold start to the first create, a schema of one model, S3 and AppSync take 15 ms each"),
    ]:
        with serving(delay) as url:
            environment = function_environment(url, schema)
            runners = [
                _javascript("cold", 0, environment),
                *(_python(python, FUNCTION, "cold", 0, environment) for python in pythons),
                _python(pythons[0], ASYNC_FUNCTION, "cold", 0, environment),
            ]
            race = run(runners, rounds or 15)
        made.append(tables.compared(title, race, tables.COLD, [runner.name for runner in runners[1:]]))
    return "\n\n".join(made)


def warm(pythons: list[Python], rounds: int | None) -> str:
    """Calls one after the other."""
    with serving() as url:
        environment = function_environment(url)
        runners = [
            _javascript("warm", 1000, environment),
            *(_python(python, FUNCTION, "warm", 1000, environment) for python in pythons),
        ]
        race = run(runners, rounds or 5)
    names = [runner.name for runner in runners[1:]]
    return tables.compared("Warm calls, one after the other", race, tables.WARM + tables.PEAK, names)


def crowd(pythons: list[Python], rounds: int | None) -> str:
    """Creates at the same time."""
    with serving() as url:
        environment = function_environment(url)
        runners = [
            _javascript("crowd", 1000, environment),
            *(_python(python, ASYNC_FUNCTION, "crowd", 1000, environment) for python in pythons),
        ]
        race = run(runners, rounds or 5)
    names = [runner.name for runner in runners[1:]]
    return tables.compared("Creates at the same time (more is better)", race, tables.CROWD + tables.PEAK, names)


def many(pythons: list[Python], rounds: int | None) -> str:
    """A thousand creates, against the local backend, which signs, validates and stores for real."""
    with LocalBackend(replies.SCHEMA) as backend, backend.serve() as url:
        environment = function_environment(url) | backend.env()
        blocking = _python(pythons[0], FUNCTION, "many", 1000, environment)
        awaiting = _python(pythons[0], ASYNC_FUNCTION, "many", 1000, environment)
        race = run([_javascript("many", 1000, environment), blocking, awaiting], rounds or 5)
    rows = [
        (f"{JAVASCRIPT}, `Promise.all` of 1,000 creates", "all at once", JAVASCRIPT),
        ("Python, 1,000 creates one after the other", "one after the other", blocking.name),
        ("Python, `asyncio.gather` of 1,000 creates", "all at once", awaiting.name),
        ("Python, `batch_create`", "batch_create", blocking.name),
        ("Python, awaiting `batch_create`", "async batch_create", awaiting.name),
    ]
    return tables.many("1,000 creates, against the local backend", race, rows)


def functions(pythons: list[Python], rounds: int | None) -> str:
    """The sample app's functions, under Lambda's own runtime clients."""
    with serving() as url, deployed.parameters(url) as ssm:
        variables = deployed.environment(url, ssm)
        runners = [deployed.javascript(variables), *(deployed.python(python, variables) for python in pythons)]
        race = run(runners, rounds or 15)
    names = [runner.name for runner in runners[1:]]
    return tables.compared("The sample app's function in the Lambda runtime", race, tables.FUNCTION, names)


ALL: dict[str, Callable[[list[Python], int | None], str]] = {
    "cold": cold,
    "warm": warm,
    "crowd": crowd,
    "many": many,
    "lambda": functions,
    "local": backends.local,
    "relations": relations.loads,
}


def _javascript(mode: str, count: int, environment: dict[str, str]) -> Program:
    return Program(JAVASCRIPT, [node(), BUNDLE, mode, str(count)], environment)


def _python(python: Python, program: object, mode: str, count: int, environment: dict[str, str]) -> Program:
    name = f"Python {python.version}{', awaiting' if program == ASYNC_FUNCTION else ''}"
    return Program(name, [python.executable, str(program), mode, str(count)], environment)
