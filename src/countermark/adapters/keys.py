"""A party's private keys in encrypted files, and the certificates that name their public halves.

Every file is PKCS#8 encrypted under the passphrase in ``COUNTERMARK_PASSPHRASE``, or else in ``keys/passphrase``
(readable by its owner only). The roots' files are made in ``keys/roots``, to be moved off the machine.
"""

from __future__ import annotations

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from countermark.adapters.files import write_durably
from countermark.trust.algorithm import KeySigner, kid_of

PRIVATE = 0o600
CERTIFICATE_DAYS = 3652


class KeyUnreadable(ValueError):
    """A key file is missing, damaged, or under another passphrase."""

    code = "key-unreadable"


class KeyFolder:
    """The key files of one party."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Make the folders and, unless the environment gives one, a passphrase."""
        for folder in (self.folder, self.folder / "roots"):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        if not os.environ.get("COUNTERMARK_PASSPHRASE"):
            write_durably(self.folder / "passphrase", secrets.token_urlsafe(32).encode(), PRIVATE)

    def make_ed25519(self, name: str) -> Ed25519PrivateKey:
        key = Ed25519PrivateKey.generate()
        self._save(name, key)
        return key

    def make_seal(self, name: str, owner: str, now: datetime) -> bytes:
        """A P-256 key with a self-signed certificate (DER), which the trust list names."""
        key = ec.generate_private_key(ec.SECP256R1())
        self._save(name, key)
        return self._certify(name, owner, key, now)

    def make_operations(self, name: str, owner: str, now: datetime) -> bytes:
        """An Ed25519 key with a self-signed certificate (DER)."""
        return self._certify(name, owner, self.make_ed25519(name), now)

    def signer(self, name: str) -> KeySigner:
        """The signer of statements under this name; its kid is that of its certificate."""
        key = self._load(name)
        if not isinstance(key, ec.EllipticCurvePrivateKey | Ed25519PrivateKey):
            raise KeyUnreadable(
                f"{self._path(name)} is neither P-256 nor Ed25519. Put the key's own file there."
            )
        certificate = self.certificate(name)
        if key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) not in certificate:
            raise KeyUnreadable(
                f"{self._path(name)} does not belong to the certificate beside it: nobody would accept what it signs."
                " Restore both from one backup."
            )
        return KeySigner(key, kid_of(certificate))

    def ed25519(self, name: str) -> Ed25519PrivateKey:
        key = self._load(name)
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyUnreadable(f"{self._path(name)} is no Ed25519 key. Put the key's own file there.")
        return key

    def certificate(self, name: str) -> bytes:
        """The DER of a key's certificate."""
        path = self._path(name).with_suffix(".crt")
        try:
            return path.read_bytes()
        except OSError as error:
            raise KeyUnreadable(
                f"The certificate {path} cannot be read ({error.strerror}). Restore the file."
            ) from error

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.key"

    def _passphrase(self) -> bytes:
        given = os.environ.get("COUNTERMARK_PASSPHRASE")
        try:
            return given.encode() if given else (self.folder / "passphrase").read_bytes()
        except OSError as error:
            raise KeyUnreadable(
                f"No passphrase for the keys in {self.folder}: set COUNTERMARK_PASSPHRASE, or restore the file 'passphrase'."
            ) from error

    def _save(self, name: str, key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> None:
        locked = BestAvailableEncryption(self._passphrase())
        write_durably(self._path(name), key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked), PRIVATE)

    def _load(self, name: str) -> object:
        path = self._path(name)
        try:
            return load_pem_private_key(path.read_bytes(), self._passphrase())
        except (OSError, ValueError, TypeError) as error:
            raise KeyUnreadable(
                f"The key {path} cannot be opened ({error}). Restore the file, or give the passphrase it was made with."
            ) from error

    def _certify(
        self,
        name: str,
        owner: str,
        key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey,
        now: datetime,
    ) -> bytes:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, owner)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now)
            .not_valid_after(now + timedelta(days=CERTIFICATE_DAYS))
        )
        algorithm = hashes.SHA256() if isinstance(key, ec.EllipticCurvePrivateKey) else None
        der = builder.sign(key, algorithm).public_bytes(Encoding.DER)
        write_durably(self._path(name).with_suffix(".crt"), der)
        return der
