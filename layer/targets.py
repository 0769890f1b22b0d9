"""Lists the Lambda runtimes that a layer is built for."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
WORK = ROOT / "build" / "layer"

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# Lambda's word, and the wheels'
MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}

# what every managed runtime brings
LEFT_TO_THE_RUNTIME = {"boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"}


@dataclass(frozen=True)
class Target:
    """A runtime: a Python on an architecture."""

    python: str
    arch: str

    def __post_init__(self) -> None:
        if self.python not in PYTHONS or self.arch not in MACHINES:
            raise SystemExit(
                f"There is no layer for {self}: take one of {', '.join(PYTHONS)} and {', '.join(MACHINES)}."
            )

    def __str__(self) -> str:
        return f"python{self.python}-{self.arch}"

    @property
    def pip_options(self) -> list[str]:
        """Wheels that run there: manylinux2014 asks for glibc 2.17, Lambda has 2.26 under Python 3.11, 2.34 above."""
        tags = [f"--platform={tag}_{MACHINES[self.arch]}" for tag in ("manylinux2014", "manylinux_2_17")]
        return [*tags, "--only-binary=:all:", "--implementation=cp", f"--python-version={self.python}"]


TARGETS = [Target(python, arch) for python in PYTHONS for arch in MACHINES]
