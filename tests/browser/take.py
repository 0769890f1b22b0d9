"""Takes the files of the local backend's page from npm. `make graphiql` writes them; a test compares them.

The files are those of the packages, byte by byte; beside them are the licences of all that was built into them.
"""

import json
from pathlib import Path

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
SHIPPED = HERE.parents[1] / "amplify_data_client" / "dev" / "local_backend" / "page" / "files" / "graphiql"
FILES = {
    "react.js": "react/umd/react.production.min.js",
    "react-dom.js": "react-dom/umd/react-dom.production.min.js",
    "graphiql.js": "graphiql/graphiql.min.js",
    "graphiql.css": "graphiql/graphiql.min.css",
}
LICENCES = "licences.txt"


def files() -> dict[str, bytes]:
    """Read what is installed."""
    return {name: (MODULES / path).read_bytes() for name, path in FILES.items()} | {LICENCES: _licences().encode()}


def _licences() -> str:
    locked = json.loads((HERE / "package-lock.json").read_text())["packages"]
    by_text: dict[str, list[str]] = {}
    for place, package in sorted(locked.items()):
        if place:
            name = place.rpartition("node_modules/")[2]
            by_text.setdefault(_text(HERE / place), []).append(f"{name} {package['version']} ({package['license']})")
    return "\n".join(f"{'=' * 80}\n{chr(10).join(names)}\n\n{text}\n" for text, names in by_text.items())


def _text(folder: Path) -> str:
    found = sorted(path for path in folder.iterdir() if path.name.upper().startswith(("LICENSE", "LICENCE", "NOTICE")))
    return "\n".join(path.read_text().strip() for path in found) or "(the package has no file of it)"


def main() -> None:
    SHIPPED.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (SHIPPED / name).write_bytes(content)
        print(f"{len(content):>9,}  {SHIPPED.name}/{name}")


if __name__ == "__main__":
    main()
