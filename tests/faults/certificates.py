"""Makes certificates for servers on loopback, one that is trusted and two that are not to be."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def write(folder: Path) -> None:
    """Write `certificate.pem` and `key.pem` for localhost; `unknown` for it too, and `elsewhere` for another host."""
    trusted = _write(folder, "certificate", "key", ["localhost", "api.localhost"])
    _write(folder, "unknown", "unknown-key", ["localhost"])
    elsewhere = _write(folder, "elsewhere", "elsewhere-key", ["elsewhere.example"])
    (folder / "certificate.pem").write_bytes(trusted)
    (folder / "trusted.pem").write_bytes(trusted + elsewhere)


def _write(folder: Path, certificate: str, key: str, hosts: list[str]) -> bytes:
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, hosts[0])])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(secret, hashes.SHA256())
    )
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / f"{key}.pem").write_bytes(secret.private_bytes(serialization.Encoding.PEM, form, plain))
    data = made.public_bytes(serialization.Encoding.PEM)
    (folder / f"{certificate}.pem").write_bytes(data)
    return data
