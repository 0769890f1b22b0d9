"""Build the Lambda layers: python layer/build.py [--python 3.12] [--arch arm64] [--no-realtime] [--out FOLDER].

One zip per Python and architecture, the same to the byte whenever it is built from the same sources, by the same
interpreters. Needs no Docker: wheels for the target are unpacked, thinned, compiled and zipped.
"""

import argparse
import sys
import tempfile
import zipfile
from pathlib import Path

if __name__ == "__main__":  # a program sees its own folder only, and has no package to be relative to
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from layer import bytecode, contents, sizes, wheels
from layer.targets import MACHINES, PYTHONS, ROOT, WORK, Target

DIST = ROOT / "dist" / "layer"
# the earliest that a zip can say
ALWAYS = (1980, 1, 1, 0, 0, 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", choices=PYTHONS, help="may be repeated; all, unless given")
    parser.add_argument("--arch", action="append", choices=list(MACHINES), help="may be repeated; both, unless given")
    parser.add_argument("--no-realtime", action="store_true", help="leave out gql, and what it needs")
    parser.add_argument("--out", type=Path, default=DIST, metavar="FOLDER", help="dist/layer, unless given")
    given = parser.parse_args()
    layers = [
        build(python, arch, given.out, realtime=not given.no_realtime)
        for python in given.python or PYTHONS
        for arch in given.arch or MACHINES
    ]
    print(sizes.table(layers))
    if too_large := [found for layer in layers if (found := sizes.excess(layer))]:
        sys.exit("\n".join([*too_large, "See in the table what has grown; layer/contents.py says what is left out."]))
    print(f"{len(layers)} layers are in {given.out}")


def build(python: str, arch: str, out: Path = DIST, *, realtime: bool = True) -> Path:
    """Build one layer; gives its zip."""
    target = Target(python, arch)
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        root = Path(folder, "root")
        for wheel in [wheels.of_package(Path(folder)), *wheels.of_layer(target, realtime=realtime)]:
            contents.unpack(wheel, root / "python")
        if interpreter := bytecode.find_interpreter(python):
            bytecode.compile_tree(interpreter, root)
        else:
            print(
                f"WARNING: python{python} was found neither on the PATH nor in pyenv: the layer for {target} has NO "
                "BYTECODE, and every cold start with it takes about twice as long. Install that Python, and build again.",
                file=sys.stderr,
            )
        out.mkdir(parents=True, exist_ok=True)
        layer = out / f"amplify-data-client-{target}{'' if realtime else '-no-realtime'}.zip"
        pack(root, Path(folder, layer.name)).replace(layer)
    return layer


def pack(root: Path, zipped: Path) -> Path:
    """Zip a folder so that the same files always make the same bytes."""
    with zipfile.ZipFile(zipped, "w") as archive:
        for name in sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(name, ALWAYS)
            entry.create_system = 3  # Unix, wherever it is built: the modes are read
            entry.external_attr = (0o100755 if name.endswith(".so") else 0o100644) << 16
            archive.writestr(entry, (root / name).read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return zipped


if __name__ == "__main__":
    main()
