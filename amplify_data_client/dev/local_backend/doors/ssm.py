"""Answer SSM's GetParameters."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from amplify_data_client.dev.local_backend.access.authentication import Authenticator
from amplify_data_client.dev.local_backend.errors import RequestRefused
from amplify_data_client.dev.local_backend.messages import Request

_MAX_NAMES = 10
_TYPE = "application/x-amz-json-1.1"
Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Parameters:
    """The values of parameters by name."""

    values: dict[str, str] = field(default_factory=dict, repr=False)

    def answer(self, received: Request, authenticator: Authenticator) -> Answer:
        """Answer a request in SSM's JSON protocol."""
        try:
            authenticator.verify_signature(received, "ssm")
        except RequestRefused as error:
            return _refuse(400, error.error_type, error.message)
        if received.headers["x-amz-target"] != "AmazonSSM.GetParameters":
            return _refuse(400, "UnknownOperationException", "The local backend answers AmazonSSM.GetParameters only.")
        try:
            names = json.loads(received.body)["Names"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return _refuse(400, "SerializationException", "The request has no readable 'Names'.")
        if (
            not isinstance(names, list)
            or not 1 <= len(names) <= _MAX_NAMES
            or not all(isinstance(n, str) for n in names)
        ):
            message = (
                f"Value at 'names' failed to satisfy constraint: Member must have length between 1 and {_MAX_NAMES}"
            )
            return _refuse(400, "ValidationException", message)
        return self._found(names)

    def _found(self, names: list[str]) -> Answer:
        found: list[dict[str, Any]] = [
            {"Name": name, "Type": "SecureString", "Value": self.values[name], "Version": 1}
            for name in names
            if name in self.values
        ]
        answer = {"Parameters": found, "InvalidParameters": [name for name in names if name not in self.values]}
        return 200, {"content-type": _TYPE}, json.dumps(answer).encode()


def _refuse(status: int, error_type: str, message: str) -> Answer:
    return status, {"content-type": _TYPE}, json.dumps({"__type": error_type, "message": message}).encode()
