"""The construct of docs/layer.md, in the sample's place."""

import re
import shutil

from layer.targets import ROOT

from .app import SAMPLE, run_in, synthesise_project


def test_the_construct_gives_the_function_the_layer_for_its_runtime(built_layer, tmp_path):
    shutil.copytree(SAMPLE, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules", ".amplify"))
    [snippet] = re.findall(r"^```ts\n(.*?)^```", (ROOT / "docs" / "layer.md").read_text(), re.MULTILINE | re.DOTALL)
    python, arch = re.findall(r"amplify-data-client-python([\d.]+)-(\w+)\.zip", snippet)[0]
    folder = tmp_path / "amplify" / "functions" / "py"
    (folder / "resource.ts").write_text(snippet)
    shutil.copy(built := built_layer(python, arch), folder / built.name)

    function = synthesise_project(tmp_path).function("py")
    assert (function.runtime, function.architecture) == (f"python{python}", arch)
    [layer] = function.layers
    assert layer.zip.read_bytes() == built.read_bytes()
    assert (layer.runtimes, layer.architectures) == ([function.runtime], [function.architecture])
    run_in(tmp_path, "tsc", "-p", "amplify", "--noEmit")
