"""Answer S3's GetObject, by which a function reads the introspection."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.sax.saxutils import escape

from amplify_data_client.dev.local_backend.access.authentication import Authenticator
from amplify_data_client.dev.local_backend.errors import RequestRefused
from amplify_data_client.dev.local_backend.messages import Request

_CODES = {
    "InvalidSignatureException": "SignatureDoesNotMatch",
    "UnrecognizedClientException": "InvalidAccessKeyId",
    "IncompleteSignatureException": "AccessDenied",
    "AccessDenied": "AccessDenied",
    "AuthorizationHeaderMalformed": "AuthorizationHeaderMalformed",
}


@dataclass
class Bucket:
    """A bucket and its objects. `readers` are the names of the roles that may read it; None means every role."""

    name: str
    objects: dict[str, bytes] = field(default_factory=dict)
    readers: set[str] | None = None

    def answer(self, received: Request, authenticator: Authenticator) -> tuple[int, Mapping[str, str], bytes]:
        """Answer a path-style GET or HEAD."""
        bucket, _, key = unquote(received.target.partition("?")[0]).removeprefix("/").partition("/")
        try:
            role = authenticator.verify_signature(received, "s3")
        except RequestRefused as error:
            return _error(error.status, _CODES[error.error_type], error.message, key)
        if self.readers is not None and role.name not in self.readers:
            return _error(403, "AccessDenied", "Access Denied", key)
        if bucket != self.name:
            return _error(404, "NoSuchBucket", "The specified bucket does not exist", key)
        body = self.objects.get(key)
        if body is None:
            return _error(404, "NoSuchKey", "The specified key does not exist.", key)
        tag = hashlib.md5(body, usedforsecurity=False).hexdigest()
        headers = {"content-type": "application/json", "etag": f'"{tag}"', "content-length": str(len(body))}
        return 200, headers, b"" if received.method == "HEAD" else body


def _error(status: int, code: str, message: str, key: str) -> tuple[int, Mapping[str, str], bytes]:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{escape(message)}</Message><Key>{escape(key)}</Key>"
        f"<RequestId>{uuid.uuid4().hex[:16].upper()}</RequestId></Error>"
    )
    return status, {"content-type": "application/xml"}, body.encode("utf-8", "replace")
