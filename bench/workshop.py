"""Builds what a benchmark needs under `bench/build`: once, and again when its sources change."""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from layer import build
from layer.bytecode import find_interpreter
from layer.targets import PYTHONS, Target

from . import replies
from .races import node

HERE = Path(__file__).parent
ROOT = HERE.parent
BUILD = HERE / "build"
DATA, CERTIFICATE, KEY = BUILD / "data", BUILD / "certificate.pem", BUILD / "key.pem"
BUNDLE, SERVER = BUILD / "function.mjs", BUILD / "server"
# the sample's functions
APP, JS_TASK = ROOT / "examples" / "amplify-app" / "amplify" / "functions", BUILD / "js-function"


@dataclass(frozen=True)
class Python:
    """An interpreter with this client and nothing else in its environment."""

    version: str
    executable: Path


def set_up(interpreters: list[str]) -> list[Python]:
    """Make everything; gives the Pythons."""
    BUILD.mkdir(exist_ok=True)
    replies.write(DATA)
    _server()
    _bundle()
    _certificate()
    return [_environment(interpreter) for interpreter in interpreters]


def set_up_functions(pythons: list[Python]) -> None:
    """Make what the functions need that run under Lambda's clients, beyond `set_up`."""
    _javascript_client()
    _bundled(APP / "js" / "handler.ts", JS_TASK / "index.mjs")
    _run("node", HERE / "js" / "sdk.mjs", JS_TASK)
    for python in pythons:
        _layer(python)


def layer_of(python: Python) -> tuple[Target, Path]:
    """The runtime of a Python, and its layer as it lies at /opt/python."""
    target = Target(".".join(python.version.split(".")[:2]), platform.machine().replace("aarch64", "arm64"))
    return target, BUILD / f"opt-{target}" / "python"


def find_pythons() -> list[str]:
    """The interpreters that are there, of those that have a layer."""
    return [found for version in PYTHONS if (found := find_interpreter(version))] or [sys.executable]


@contextmanager
def serving(delay_ms: int = 0) -> Iterator[str]:
    """Run the stand-in until the end of the block; gives its URL."""
    command: list[str | Path] = [SERVER, DATA, CERTIFICATE, KEY, str(delay_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"https://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.terminate()


def _server() -> None:
    with _fresh(SERVER, (HERE / "server.c").read_text()) as is_fresh:
        if not is_fresh:
            _need("cc", "a C compiler, and OpenSSL with its headers (Debian: build-essential libssl-dev)")
            _run("cc", "-O2", "-o", SERVER, HERE / "server.c", "-lssl", "-lcrypto", "-lpthread")


def _bundle() -> None:
    _need("npm", "Node.js 20 or later with npm")
    js = HERE / "js"
    with _fresh(js / "node_modules", (js / "package-lock.json").read_text()) as is_fresh:
        if not is_fresh:
            print("Installing aws-amplify (a minute, the first time)", flush=True)
            _run("npm", "ci", "--loglevel=error", cwd=js)
    _bundled(js / "function.mjs", BUNDLE)


def _bundled(entry: Path, bundle: Path) -> None:
    js = HERE / "js"
    made_of = [js / "package-lock.json", js / "bundle.mjs", entry]
    with _fresh(bundle, "".join(path.read_text() for path in made_of)) as is_fresh:
        if not is_fresh:
            _run("node", js / "bundle.mjs", entry, bundle)


def _javascript_client() -> None:
    folder = HERE / "js" / "runtime"
    with _fresh(folder / "node_modules" / "aws-lambda-ric", (folder / "package-lock.json").read_text()) as is_fresh:
        if not is_fresh:
            _need("cmake", "CMake, which Lambda's client for Node.js is built with (Debian: cmake g++)")
            print("Compiling Lambda's client for Node.js (some minutes, the first time)", flush=True)
            headers = Path(node()).resolve().parents[1]  # those of this Node.js, which has no need to fetch them then
            known = {"npm_config_nodedir": str(headers)} if (headers / "include" / "node").is_dir() else {}
            _run("npm", "ci", "--loglevel=error", cwd=folder, **known)


def _layer(python: Python) -> None:
    target, folder = layer_of(python)
    shutil.rmtree(folder.parent, ignore_errors=True)
    with zipfile.ZipFile(build.build(target.python, target.arch, BUILD)) as layer:
        layer.extractall(folder.parent)
    _add_root(folder / "certifi" / "cacert.pem")


def _environment(interpreter: str) -> Python:
    version = _output(interpreter, "-c", "import platform; print(platform.python_version())")
    folder = BUILD / f"venv-{version}"
    python = folder / "bin" / "python"
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    with _fresh(folder, "".join(needed)) as is_fresh:
        if not is_fresh:
            print(f"Making an environment for Python {version}", flush=True)
            shutil.rmtree(folder, ignore_errors=True)
            # a function's Python has neither pip nor setuptools, which has a part in every start
            _run(interpreter, "-m", "venv", "--without-pip", folder)
            pip: list[str | Path] = [
                sys.executable,
                "-m",
                "pip",
                "--python",
                python,
                "--quiet",
                "--disable-pip-version-check",
            ]
            _run(*pip, "install", *needed)
    _install(python)
    _trust(python)
    return Python(version, python)


def _install(python: Path) -> None:
    # as the layer has it: without dev/, and compiled
    packages = _output(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    target = Path(packages, "amplify_data_client")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(ROOT / "amplify_data_client", target, ignore=shutil.ignore_patterns("dev", "__pycache__"))
    _run(python, "-m", "compileall", "-q", target, HERE / "python")


def _certificate() -> None:
    if not CERTIFICATE.exists():
        _need("openssl", "the openssl program")
        names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        command = ["openssl", "req", "-x509", *curve, "-nodes", "-days", "3650", *names]
        _run(*command, "-keyout", KEY, "-out", CERTIFICATE)


def _trust(python: Path) -> None:
    # beside certifi's roots, as one of Amazon's, which S3 and AppSync have too; no variable names others
    _add_root(Path(_output(python, "-c", "import certifi; print(certifi.where())")))


def _add_root(roots: Path) -> None:
    if CERTIFICATE.read_text() not in (trusted := roots.read_text()):
        roots.write_text(f"{trusted}\n# Amazon Root CA, as it were: the benchmark's own\n{CERTIFICATE.read_text()}")


@contextmanager
def _fresh(made: Path, made_of: str) -> Iterator[bool]:
    """Tell whether something has been made of just this; note it when the block has made it again."""
    stamp, digest = BUILD / f"{made.name}.stamp", hashlib.sha256(made_of.encode()).hexdigest()
    is_fresh = made.exists() and stamp.exists() and stamp.read_text() == digest
    yield is_fresh
    if not is_fresh:
        stamp.write_text(digest)


def make(target: Path) -> None:
    """Let the project's own Makefile make something."""
    _run("make", target.relative_to(ROOT), cwd=ROOT)


def _need(program: str, what: str) -> None:
    if shutil.which(program) is None:
        raise SystemExit(f"The benchmarks need {what}: {program} was not found.")


def _run(*command: str | Path, cwd: Path | None = None, **variables: str) -> None:
    environment = {**os.environ, **variables}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stderr or done.stdout}")


def _output(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def function_environment(url: str, schema: str = "small") -> dict[str, str]:
    """The environment of a function, and nothing of this machine's: a variable like SSL_CERT_DIR changes what is measured."""
    prefix = "AMPLIFY_DATA"
    return {
        "PATH": os.defpath,
        "LANG": "en_US.UTF-8",
        "HOME": str(BUILD),
        "TZ": ":UTC",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2Vj" * 60,  # as long as a real one
        "AMPLIFY_DATA_DEFAULT_NAME": "amplifyData",
        # another name than S3's, so that nobody gains by using its connection again
        f"{prefix}_GRAPHQL_ENDPOINT": f"{url.replace('127.0.0.1', 'localhost')}/graphql",
        f"{prefix}_MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME": "bucket",
        f"{prefix}_MODEL_INTROSPECTION_SCHEMA_KEY": schema,
        "AWS_ENDPOINT_URL_S3": url,
        "NODE_EXTRA_CA_CERTS": str(CERTIFICATE),
    }
