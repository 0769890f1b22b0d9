"""Are these bytes a model introspection?"""

import json
from collections.abc import Mapping
from typing import Any, cast

from amplify_data_client.errors import ConfigurationError

from . import check_introspection

_REMEDY = "Deploy the backend again, or write the file again (npx ampx generate outputs)."


def read_json(body: bytes, where: str) -> Any:
    """Parse JSON; a byte order mark is allowed.

    Raises:
        ConfigurationError: There is nothing, or no JSON, in it.
    """
    if not body.strip():
        raise ConfigurationError(f"{where} is empty. {_REMEDY}")
    try:
        return json.loads(body)  # detects the byte order mark of UTF-8, and UTF-16 and 32
    except (ValueError, RecursionError) as error:
        # ValueError's own `doc` would carry the whole text along
        raise ConfigurationError(f"{where} ({len(body)} bytes) is not JSON: {_reason(error)}. {_REMEDY}") from None


def read_introspection(body: bytes, where: str) -> Mapping[str, Any]:
    """Parse a model introspection.

    Raises:
        ConfigurationError: It is something else.
    """
    value = read_json(body, where)
    check_introspection(value, where)
    return cast("Mapping[str, Any]", value)


def _reason(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
