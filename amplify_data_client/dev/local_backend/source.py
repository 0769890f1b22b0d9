"""Read the introspection from a mapping, a JSON file or an `amplify_outputs.json`."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from amplify_data_client.config.model import check_introspection, read_json
from amplify_data_client.errors import ConfigurationError


def read(given: Mapping[str, Any] | str | PathLike[str]) -> Mapping[str, Any]:
    """Return the introspection. An `amplify_outputs.json` is accepted too, as a path or parsed.

    Raises:
        ConfigurationError: It contains no introspection.
        OSError: The file cannot be read.
    """
    if isinstance(given, Mapping):
        return _find(given, "what LocalBackend was given")
    return _find(read_json(Path(given).read_bytes(), str(given)), str(given))


def _find(found: Any, where: str) -> Mapping[str, Any]:
    if isinstance(found, Mapping) and "models" not in found and "version" in found:
        return _of_outputs(found, where)
    check_introspection(found, where)
    return dict(found)


def _of_outputs(outputs: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    data = outputs.get("data")
    if not isinstance(data, Mapping) or "model_introspection" not in data:
        raise ConfigurationError(
            f"{where} has no data.model_introspection: its backend has no defineData, or the file is older than that. "
            "Write it again (npx ampx generate outputs), or name a model introspection JSON."
        )
    check_introspection(data["model_introspection"], f"data.model_introspection in {where}")
    return dict(data["model_introspection"])
