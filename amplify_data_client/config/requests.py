"""Defines what the resolution of a configuration asks for: files, S3 objects, SSM parameters, a region."""

from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias, TypeVar

T = TypeVar("T")


class ReadParameters(NamedTuple):
    """The values of at most ten SSM parameters, decrypted. Answer: `Mapping[path, value]` of those that exist."""

    paths: tuple[str, ...]
    region: str


class ReadObject(NamedTuple):
    """An object in S3. Answer: its bytes."""

    bucket: str
    key: str
    region: str


class ReadFile(NamedTuple):
    """A file. Answer: its bytes; a file that cannot be read is an error of who answers, and names `what` was wanted."""

    path: str
    what: str = "the amplify_outputs.json that npx ampx sandbox, or npx ampx generate outputs, has written"


class FindFile(NamedTuple):
    """A file in the working directory or a parent, up to the repository's root. Answer: `Found`."""

    name: str


class AskRegion(NamedTuple):
    """The region of the AWS session or profile that credentials come from. Answer: `str | None`."""


class Found(NamedTuple):
    """`path` is null where no directory from `first` up to `last` has the file."""

    path: str | None
    first: str
    last: str


Wanted: TypeAlias = ReadParameters | ReadObject | ReadFile | FindFile | AskRegion
Asking: TypeAlias = Generator[Wanted, Any, T]  # yields what it wants, is sent the answers


class Environment:
    """The variables of an environment, looked at one by one.

    It is no mapping: error reporters look into those, and the environment of a function holds its credentials.
    """

    __slots__ = ("_variables", "get")

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self.get: Callable[[str], Any] = variables.get

    def __getitem__(self, name: str) -> Any:
        return self._variables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __repr__(self) -> str:
        return "<Environment>"
