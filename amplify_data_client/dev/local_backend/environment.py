"""Name the environment variables and SSM parameters of a function that uses this backend."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from amplify_data_client._io.http import plain_http
from amplify_data_client._io.http.loopback import is_loopback
from amplify_data_client.config.prefix import variable_prefix
from amplify_data_client.dev.local_backend.access.identity import Role

OFFLINE = "http://local-backend.invalid"  # nothing listens here: requests go through the transport
_PLACEHOLDER = "<value will be resolved during runtime>"
_PARAMETERS = "/amplify/local/backend"


@dataclass(frozen=True, slots=True)
class Environment:
    """The names that a data resource has in the environment, S3 and SSM."""

    name: str
    region: str
    bucket: str = "amplify-local-model-introspection"
    key: str = "modelIntrospectionSchema.json"

    def variables(self, role: Role, url: str) -> dict[str, str]:
        """Return the environment variables of a function, with their values."""
        return self._aws(role, url) | self._data(url)

    def placeholders(self, role: Role, url: str) -> dict[str, str]:
        """Return the same variables with their values in SSM, as Amplify writes them for JavaScript functions."""
        data = self._data(url)
        named = {name: {"path": _path(name)} for name in data}
        return self._aws(role, url) | dict.fromkeys(data, _PLACEHOLDER) | {"AMPLIFY_SSM_ENV_CONFIG": json.dumps(named)}

    def parameters(self, url: str) -> Mapping[str, str]:
        """Return the SSM parameters that `placeholders` refers to."""
        return {_path(name): value for name, value in self._data(url).items()}

    def _aws(self, role: Role, url: str) -> dict[str, str]:
        found = {
            "AWS_REGION": self.region,
            "AWS_ACCESS_KEY_ID": role.access_key,
            "AWS_SECRET_ACCESS_KEY": role.secret_key,
            "AWS_ENDPOINT_URL_S3": url,
            "AWS_ENDPOINT_URL_SSM": url,
        }
        if role.token is not None:
            found["AWS_SESSION_TOKEN"] = role.token
        host = urlsplit(url).hostname or ""
        if url != OFFLINE and not is_loopback(host):  # the client would send no credentials there
            found[plain_http.ALLOWED] = host
        return found

    def _data(self, url: str) -> dict[str, str]:
        prefix = variable_prefix(self.name)
        return {
            "AMPLIFY_DATA_DEFAULT_NAME": self.name,
            f"{prefix}_GRAPHQL_ENDPOINT": f"{url}/graphql",
            f"{prefix}_MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME": self.bucket,
            f"{prefix}_MODEL_INTROSPECTION_SCHEMA_KEY": self.key,
        }


def _path(name: str) -> str:
    return f"{_PARAMETERS}/{name}"
