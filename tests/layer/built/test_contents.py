"""Each layer, opened."""

import _imp
import re
import struct
import zipfile
from email.parser import BytesParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from layer import bytecode, sizes
from layer.targets import LEFT_TO_THE_RUNTIME, MACHINES, PYTHONS, ROOT, TARGETS, Target

Layer = tuple[Target, bool, Path]
# https://www.sco.com/developers/gabi/latest/ch4.eheader.html, e_machine
ELF_MACHINES = {"x86_64": 62, "arm64": 183}
# of Amazon Linux 2, and 2023
GLIBC = {python: (2, 26) if python == "3.11" else (2, 34) for python in PYTHONS}


def files(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def distributions(contents: dict[str, bytes]) -> dict[str, str]:
    """Each distribution's name and the folder of its metadata."""
    folders = {"/".join(name.split("/")[:2]) for name in contents if ".dist-info/" in name}
    return {str(canonicalize_name(folder.split("/")[1].split("-")[0])): folder for folder in folders}


def test_all_eight_are_there_and_the_same_to_the_byte_when_built_again(builds: list[Path]):
    first, second = ({path.name: path.read_bytes() for path in folder.glob("*.zip")} for folder in builds)
    with_realtime = {name: content for name, content in first.items() if "no-realtime" not in name}
    assert len(with_realtime) == len(TARGETS) == 8
    assert with_realtime.keys() == second.keys()
    assert [name for name in second if first[name] != second[name]] == []


def test_is_within_its_budget(layer: Layer):
    _, _, path = layer
    assert sizes.excess(path) is None


def test_entries_are_in_order_and_have_no_time_or_mode_of_their_own(layer: Layer):
    _, _, path = layer
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    modes = {(entry.filename.endswith(".so"), oct(entry.external_attr >> 16)) for entry in entries}
    assert modes == {(True, "0o100755"), (False, "0o100644")}


def test_has_the_package_without_dev_and_nothing_that_tests_or_caches(layer: Layer):
    _, _, path = layer
    names = [name.removeprefix("python/") for name in files(path)]
    package = ROOT / "amplify_data_client"
    sources = {
        path.relative_to(ROOT).as_posix() for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"
    }
    expected = {name for name in sources if not name.startswith("amplify_data_client/dev/")}
    assert {name for name in names if name.startswith("amplify_data_client/") and not name.endswith(".pyc")} == expected
    folders, named = r"(^|/)(dev|tests?|bin|scripts|\w+_cache)/", r"(^|/)(test_|conftest|_testcapi)"
    kinds, of_installers = (
        r"\.(pyi|pyx|pxd|[ch])$",
        r"/(RECORD|INSTALLER|REQUESTED|direct_url\.json|entry_points\.txt)$",
    )
    assert [name for name in names if re.search(f"{folders}|{named}|{kinds}|{of_installers}", name)] == []


def test_is_all_below_the_folder_that_python_looks_into(layer: Layer):
    _, _, path = layer
    assert {name.split("/")[0] for name in files(path)} == {"python"}


def test_leaves_to_the_runtime_what_it_brings(layer: Layer):
    _, _, path = layer
    contents = files(path)
    assert distributions(contents).keys() & LEFT_TO_THE_RUNTIME == set()
    top = {name.split("/")[1].split(".")[0] for name in contents}
    assert top & {"boto3", "botocore", "urllib3", "s3transfer", "jmespath", "dateutil", "six"} == set()


def test_realtime_comes_along_unless_it_is_left_out(layer: Layer):
    _, realtime, path = layer
    there = distributions(files(path)).keys() & {"gql", "graphql-core", "yarl"}
    assert there == ({"gql", "graphql-core", "yarl"} if realtime else set())


def test_each_distribution_keeps_its_licence(layer: Layer):
    _, _, path = layer
    contents = files(path)
    found = distributions(contents)
    assert {"amplify-data-client", "pydantic", "pydantic-core", "httpx", "certifi"} <= found.keys()
    without = [
        name
        for name, folder in found.items()
        if not any(re.match(rf"{re.escape(folder)}/(licenses/)?(LICEN[SC]E|COPYING)", file) for file in contents)
    ]
    assert without == []


def test_each_requirement_is_met_in_the_layer_or_by_the_runtime(layer: Layer):
    """By the markers of the target: pip reads some of them as those of the Python that it runs on."""
    target, realtime, path = layer
    contents = files(path)
    found = {
        name: BytesParser().parsebytes(contents[f"{folder}/METADATA"])
        for name, folder in distributions(contents).items()
    }
    lacking = [
        (name, line)
        for name, metadata in found.items()
        for line in metadata.get_all("Requires-Dist", [])
        for requirement in [Requirement(line)]
        if is_asked_for(requirement, target, "gql" if realtime and name == "amplify-data-client" else "")
        if (needed := canonicalize_name(requirement.name)) not in LEFT_TO_THE_RUNTIME
        if needed not in found or not requirement.specifier.contains(found[needed]["Version"], prereleases=True)
    ]
    assert lacking == []
    left = {
        str(canonicalize_name(Requirement(line).name))
        for line in found["amplify-data-client"].get_all("Requires-Dist", [])
    }
    assert "botocore" in left


def is_asked_for(requirement: Requirement, target: Target, extra: str) -> bool:
    environment = {
        "implementation_name": "cpython",
        "implementation_version": f"{target.python}.0",
        "os_name": "posix",
        "platform_machine": MACHINES[target.arch],
        "platform_python_implementation": "CPython",
        "platform_system": "Linux",
        "python_full_version": f"{target.python}.0",
        "python_version": target.python,
        "sys_platform": "linux",
    }
    return requirement.marker is None or requirement.marker.evaluate({**environment, "extra": extra})


def test_compiled_modules_are_for_this_architecture_and_python(layer: Layer):
    target, realtime, path = layer
    compiled = {name: content for name, content in files(path).items() if content[:4] == b"\x7fELF"}
    assert {name.split("/")[1] for name in compiled} == {
        "pydantic_core",
        *(("multidict", "propcache", "yarl") if realtime else ()),
    }
    tag = f".cpython-{target.python.replace('.', '')}-{MACHINES[target.arch]}-linux-gnu.so"
    for name, content in compiled.items():
        is_64_bit, order, machine = content[4] == 2, "<" if content[5] == 1 else ">", content[18:20]
        assert is_64_bit
        assert struct.unpack(f"{order}H", machine) == (ELF_MACHINES[target.arch],), name
        assert name.endswith(tag)
    assert [name for name in files(path) if name.endswith(".so") and name not in compiled] == []


def test_compiled_modules_need_no_newer_glibc_than_lambda_has(layer: Layer):
    target, _, path = layer
    for name, content in files(path).items():
        if name.endswith(".so"):
            needed = {(int(major), int(minor)) for major, minor in re.findall(rb"GLIBC_(\d+)\.(\d+)", content)}
            assert max(needed) <= GLIBC[target.python], name


def test_every_source_is_compiled_where_its_python_is_there(layer: Layer):
    target, _, path = layer
    contents = files(path)
    sources = {name for name in contents if name.endswith(".py") and "/pydantic/v1/" not in name}
    compiled = {name for name in contents if name.endswith(".pyc")}
    if bytecode.find_interpreter(target.python) is None:
        assert compiled == set()
        return
    tag = f"cpython-{target.python.replace('.', '')}"
    assert compiled == {re.sub(r"([^/]+)\.py$", rf"__pycache__/\1.{tag}.pyc", name) for name in sources}
    for name in sources:
        content = contents[re.sub(r"([^/]+)\.py$", rf"__pycache__/\1.{tag}.pyc", name)]
        assert int.from_bytes(content[4:8], "little") == 0b01, name  # a hash, which is not checked
        assert content[8:16] == _imp.source_hash(int.from_bytes(content[:4], "little"), contents[name])
        assert f"/opt/{name}".encode() in content


def test_names_no_place_of_the_machine_that_built_it(layer: Layer):
    _, _, path = layer
    assert [name for name, content in files(path).items() if str(ROOT).encode() in content] == []


@pytest.mark.parametrize("target", [target for target in TARGETS if target.python == "3.14"], ids=str)
def test_sources_read_as_python(target: Target, builds: list[Path]):
    """For the Python that may not be here to compile them."""
    contents = files(builds[0] / f"amplify-data-client-{target}.zip")
    for name, content in contents.items():
        if name.endswith(".py"):
            compile(content, name, "exec")
