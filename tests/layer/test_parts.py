"""What needs no network: unpacking, compiling, zipping, measuring, and what the locks promise."""

import importlib.util
import marshal
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from layer import build, bytecode, contents, publish, sizes, targets, wheels

pytestmark = pytest.mark.one_python

ROOT = targets.ROOT
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def wheel(folder: Path, name: str, files: dict[str, str]) -> Path:
    made = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return made


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Builds with two made-up wheels."""
    own = wheel(tmp_path, "amplify_data_client", {"amplify_data_client/__init__.py": "NAMES = {'a', 'b'}\n" * 50})
    other = wheel(tmp_path, "other", {"other.py": "def f(x=frozenset('abc')): return x\n", "other/tests/t.py": ""})
    monkeypatch.setattr(wheels, "of_package", lambda into: own)
    monkeypatch.setattr(wheels, "of_layer", lambda target, realtime: [other] if realtime else [])


def entries(layer: Path) -> list[str]:
    return zipfile.ZipFile(layer).namelist()


def test_a_layer_is_the_same_to_the_byte_when_built_again(offline: None, tmp_path: Path):
    first, second = (build.build(HERE, "arm64", tmp_path / name) for name in ("a", "b"))
    assert first.name == f"amplify-data-client-python{HERE}-arm64.zip"
    assert first.read_bytes() == second.read_bytes()
    tag = sys.implementation.cache_tag
    assert entries(first) == [
        f"python/__pycache__/other.{tag}.pyc",
        "python/amplify_data_client/__init__.py",
        f"python/amplify_data_client/__pycache__/__init__.{tag}.pyc",
        "python/other.py",
    ]


def test_no_realtime_leaves_out_what_realtime_needs(offline: None, tmp_path: Path):
    layer = build.build(HERE, "x86_64", tmp_path, realtime=False)
    assert layer.name.endswith("-no-realtime.zip")
    assert not [name for name in entries(layer) if "other" in name]


def test_without_the_interpreter_a_layer_has_no_bytecode_and_the_build_says_so(
    offline: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(bytecode, "find_interpreter", lambda version: None)
    layer = build.build(HERE, "arm64", tmp_path)
    assert not [name for name in entries(layer) if name.endswith(".pyc")]
    said = capsys.readouterr().err
    assert f"python{HERE} was found neither on the PATH nor in pyenv" in said
    assert "NO BYTECODE" in said


def test_bytecode_is_trusted_unseen_and_names_the_place_in_lambda(offline: None, tmp_path: Path):
    with zipfile.ZipFile(build.build(HERE, "arm64", tmp_path)) as archive:
        source, compiled = archive.read("python/other.py"), archive.read(entries(Path(str(archive.filename)))[0])
    assert compiled[:4] == importlib.util.MAGIC_NUMBER
    assert int.from_bytes(compiled[4:8], "little") == 0b01  # by hash, which is not checked
    assert compiled[8:16] == importlib.util.source_hash(source)
    assert marshal.loads(compiled[16:]).co_filename == "/opt/python/other.py"


def test_old_pydantics_models_are_there_but_not_compiled(tmp_path: Path):
    unpacked = tmp_path / "python" / "pydantic"
    contents.unpack(wheel(tmp_path, "pydantic", {"pydantic/v1/main.py": "", "pydantic/main.py": ""}), unpacked.parent)
    bytecode.compile_tree(sys.executable, tmp_path)
    assert [path.parent.parent for path in unpacked.rglob("*.pyc")] == [unpacked]
    assert (unpacked / "v1" / "main.py").exists()


def test_what_does_not_compile_fails_the_build(tmp_path: Path):
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "broken.py").write_text("def")
    with pytest.raises(SystemExit, match=r"cannot compile the layer(?s:.*)broken\.py"):
        bytecode.compile_tree(sys.executable, tmp_path)


def test_a_file_outside_of_site_packages_is_not_lost_silently(tmp_path: Path):
    odd = wheel(tmp_path, "odd", {"odd-1.0.data/data/etc/odd.conf": ""})
    with pytest.raises(SystemExit, match=r"etc/odd\.conf outside of site-packages"):
        contents.unpack(odd, tmp_path / "python")


@pytest.mark.parametrize(
    ("name", "is_left_out"),
    [
        ("amplify_data_client/dev/cli.py", True),
        ("amplify_data_client-1.dist-info/licenses/LICENSE", False),
        ("amplify_data_client/_io/drive.py", False),
        ("amplify_data_client-0.1.0.dist-info/licenses/amplify_data_client/dev/page/licences.txt", True),
        ("amplify_data_client-0.1.0.dist-info/licenses/LICENSE", False),
        ("certifi/tests/test_certify.py", True),
        ("anyio/_core/_testing.py", False),  # anyio imports it
        ("multidict/_testcapi.cpython-312-x86_64-linux-gnu.so", True),
        ("multidict/_multidict.cpython-312-x86_64-linux-gnu.so", False),
        ("propcache/_helpers_c.pyx", True),
        ("pydantic/v1/mypy.py", True),
        ("h11-0.16.0.dist-info/licenses/LICENSE.txt", False),
        ("h11-0.16.0.dist-info/METADATA", False),
        ("h11-0.16.0.dist-info/RECORD", True),
    ],
)
def test_leaves_out_what_no_function_can_use(name: str, is_left_out: bool):
    assert contents.is_left_out(name) is is_left_out


def test_an_interpreter_is_one_of_that_version_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shim = tmp_path / "python3.99"  # pyenv's answer for a version that is not there
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    lying = tmp_path / "versions" / "3.98.1" / "bin" / "python"
    lying.parent.mkdir(parents=True)
    lying.symlink_to(sys.executable)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert bytecode.find_interpreter("3.99") is None
    assert bytecode.find_interpreter("3.98") is None


def test_a_python_that_was_made_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = tmp_path / "python3.99" / "usr" / "bin" / "python3.99"
    made.parent.mkdir(parents=True)
    made.write_text(f"#!/bin/sh\necho cpython 3.99 {made}\n")
    made.chmod(0o755)
    assert bytecode.find_interpreter("3.99") is None
    monkeypatch.setattr(bytecode, "MADE", tmp_path)
    assert bytecode.find_interpreter("3.99") == str(made)


def test_the_running_interpreter_is_taken_where_no_other_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert bytecode.find_interpreter(HERE) == sys.executable


def test_the_newest_patch_of_pyenvs_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for patch in ("9", "10"):
        python = tmp_path / "versions" / f"{HERE}.{patch}" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f"#!/bin/sh\necho cpython {HERE} {python}\n")
        python.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert bytecode.find_interpreter(HERE) == str(tmp_path / "versions" / f"{HERE}.10" / "bin" / "python")


def test_a_layer_above_its_budget_fails_the_build(
    offline: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sizes, "BUDGETS", {"realtime": (8, 0.001), "no-realtime": (5, 15)})
    monkeypatch.setattr(sys, "argv", ["build.py", "--python", HERE, "--arch", "arm64", "--out", str(tmp_path)])
    with pytest.raises(SystemExit, match=r"arm64\.zip has 0\.00 MiB unzipped, the budget is 0\.001\n.*what has grown"):
        build.main()
    assert "amplify_data_client" in capsys.readouterr().out  # the table comes first
    monkeypatch.setattr(sys, "argv", [*sys.argv, "--no-realtime"])
    build.main()


def test_the_table_adds_up(offline: None, tmp_path: Path):
    layer = build.build(HERE, "arm64", tmp_path)
    with zipfile.ZipFile(layer) as archive:
        archive_sizes = [entry.file_size for entry in archive.infolist()]
    lines = sizes.table([layer]).splitlines()
    assert [line.split()[0] for line in lines] == ["MiB", "other", "amplify_data_client", "in", "of"]
    assert f"{sum(archive_sizes) / 2**20:.2f}" in lines[3]


def test_a_python_or_architecture_that_lambda_has_not_is_refused():
    with pytest.raises(SystemExit, match=r"no layer for python3\.10-arm64: take one of 3\.11"):
        targets.Target("3.10", "arm64")


def project() -> dict[str, list[str]]:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found = pyproject["project"]
    extra = found["optional-dependencies"]["gql"]
    return {"base": found["dependencies"], "realtime": extra, "backend": pyproject["build-system"]["requires"]}


@pytest.mark.parametrize("name", ["base", "realtime", "backend"])
def test_the_locks_hold_what_the_project_asks_for(name: str):
    pinned = dict(pin.split("==") for pin in wheels.pins(targets.HERE / f"{name}.lock"))
    for requirement in map(Requirement, project()[name]):
        if canonicalize_name(requirement.name) not in targets.LEFT_TO_THE_RUNTIME:
            assert requirement.specifier.contains(pinned[requirement.name]), f"{requirement}: run make layer-lock"


def test_the_locks_pin_every_line_by_hash_and_name_no_place():
    for lock in (wheels.BASE, wheels.REALTIME, wheels.BACKEND):
        lines = [line for line in lock.read_text().splitlines() if not line.startswith("#")]
        assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in lines)
        assert len(wheels.pins(lock)) == sum("==" in line for line in lines) > 0


def test_no_lock_pins_what_the_runtime_brings():
    pinned = {pin.split("==")[0] for pin in wheels.pins(wheels.BASE, wheels.REALTIME)}
    assert pinned & targets.LEFT_TO_THE_RUNTIME == set()


def test_a_wheel_with_another_hash_is_not_taken(tmp_path: Path):
    [(pin, digests)] = list(wheels.pins(wheels.BASE).items())[:1]
    wheel(tmp_path, pin.split("==")[0], {"tampered.py": ""})
    assert wheels._all_there({pin: digests}, tmp_path) is None


def test_the_programs_run_from_anywhere(tmp_path: Path):
    for program in ("build.py", "publish"):
        done = subprocess.run(
            [sys.executable, str(ROOT / "layer" / program), "--help"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "--no-realtime" in done.stdout or "--dry-run" in done.stdout


DOCUMENT = (ROOT / "docs" / "layer.md").read_text()


@pytest.mark.parametrize("line", re.findall(r"^python layer/(.*?)(?: *#.*)?$", DOCUMENT, re.MULTILINE))
def test_the_documents_commands_are_understood(
    line: str, offline: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    program, *options = line.split()
    monkeypatch.setattr(bytecode, "find_interpreter", lambda version: None)  # whichever that is
    monkeypatch.setattr(sys, "argv", [program, *options, *(["--out", str(tmp_path)] if program == "build.py" else [])])
    if program == "build.py":
        build.main()
        assert "in all" in capsys.readouterr().out
    else:
        layer = tmp_path / "amplify-data-client-python3.12-arm64.zip"
        with zipfile.ZipFile(layer, "w") as archive:
            archive.writestr("python/amplify_data_client-0.1.0.dist-info/METADATA", "")
        publish.main([str(layer), "--dry-run", *options])
        assert "would be published" in capsys.readouterr().out


def test_the_documents_name_layers_that_the_build_makes():
    named = re.findall(r"amplify-data-client-python([\d.]+)-(\w+)\.zip", DOCUMENT)
    assert [str(targets.Target(python, arch)) for python, arch in named]  # or it says which there are
    published = set(re.findall(r"amplify-data-client-python3\d+-\w+(?![\w.])", DOCUMENT))
    assert published == {f"amplify-data-client-python{python.replace('.', '')}-{arch}" for python, arch in named}


def test_the_budgets_are_those_promised():
    assert sizes.BUDGETS == {"realtime": (8, 24), "no-realtime": (5.25, 15)}
    assert "above 8 MiB zipped or 24 MiB unzipped (`--no-realtime`: 5.25 and 15) the build fails" in DOCUMENT


def test_the_documents_sam_template_is_one():
    """By cfn-lint, which knows what the resources of SAM may have."""
    from cfnlint.api import lint_all

    [resources] = re.findall(r"^```yaml\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    found = lint_all(f"Transform: AWS::Serverless-2016-10-31\n{resources}")
    assert [str(one) for one in found if not one.rule.id.startswith("I")] == []  # I: information


@pytest.mark.parametrize("language", ["ts", "yaml", "hcl"])
def test_the_documents_functions_and_layers_are_for_the_same_runtime(language: str):
    """Else the function could not load what is compiled in the layer."""
    [snippet] = re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    said = re.findall(r"python_?3[._]?\d\d", snippet.lower())
    pythons = {re.sub(r"\D", "", one) for one in said}
    machines = set(re.findall(r"arm_?64|x86_64", snippet.lower()))
    assert len(said) >= 2 and len(pythons) == 1
    assert len({machine.replace("arm_64", "arm64") for machine in machines}) == 1
    built = re.findall(r"amplify-data-client-(python[\d.]+-\w+)\.zip", snippet)
    assert built and set(built) <= {str(target) for target in targets.TARGETS}
