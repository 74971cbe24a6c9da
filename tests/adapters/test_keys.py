"""Private keys: encrypted, for their owner only, and a clear word when one cannot be opened."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from countermark.adapters.keys import KeyFolder, KeyUnreadable
from countermark.trust.algorithm import kid_of, public_key, verify

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyFolder:
    monkeypatch.delenv("COUNTERMARK_PASSPHRASE", raising=False)
    folder = KeyFolder(tmp_path / "keys")
    folder.prepare()
    return folder


@pytest.mark.parametrize("make", ["make_seal", "make_operations"])
def test_a_signer_signs_for_its_certificate(keys: KeyFolder, make: str):
    certificate = getattr(keys, make)("seal", "BY seal", NOW)
    signer = KeyFolder(keys.folder).signer("seal")
    assert signer.kid == kid_of(certificate)
    message = b"a statement"
    assert verify(public_key(certificate), signer.alg, message, signer.sign(message))
    assert not verify(public_key(certificate), signer.alg, message + b" ", signer.sign(message))
    assert x509.load_der_x509_certificate(certificate).not_valid_before_utc == NOW


def test_nothing_private_is_readable_by_others_or_stored_in_the_clear(keys: KeyFolder):
    keys.make_seal("seal", "BY seal", NOW)
    keys.make_ed25519("roots/root-1")
    for folder in (keys.folder, keys.folder / "roots"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("seal.key", "roots/root-1.key", "passphrase"):
        assert stat.S_IMODE((keys.folder / name).stat().st_mode) == 0o600
    for file in keys.folder.rglob("*.key"):
        assert b"ENCRYPTED PRIVATE KEY" in file.read_bytes()


def test_a_passphrase_from_the_environment_is_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COUNTERMARK_PASSPHRASE", "correct horse")
    keys = KeyFolder(tmp_path / "keys")
    keys.prepare()
    keys.make_ed25519("log")
    assert not (keys.folder / "passphrase").exists()
    assert keys.ed25519("log")
    monkeypatch.setenv("COUNTERMARK_PASSPHRASE", "battery staple")
    with pytest.raises(KeyUnreadable, match="passphrase"):
        keys.ed25519("log")


def spoil(keys: KeyFolder, how: str) -> None:
    file = keys.folder / "seal.key"
    if how == "missing":
        file.unlink()
    elif how == "empty":
        file.write_bytes(b"")
    elif how == "cut short":
        file.write_bytes(file.read_bytes()[:100])
    elif how == "a byte changed":
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    elif how == "no passphrase":
        (keys.folder / "passphrase").unlink()
    elif how == "another passphrase":
        (keys.folder / "passphrase").write_bytes(b"another")
    elif how == "another key's certificate":
        other = keys.make_seal("other", "BY other", NOW)
        file.with_suffix(".crt").write_bytes(other)
    else:
        file.with_suffix(".crt").unlink()


@pytest.mark.parametrize(
    "how",
    ["missing", "empty", "cut short", "a byte changed", "no passphrase", "another passphrase", "no certificate",
     "another key's certificate"],
)  # fmt: skip
def test_a_key_that_cannot_be_opened_says_which_file_and_what_to_do(keys: KeyFolder, how: str):
    keys.make_seal("seal", "BY seal", NOW)
    spoil(keys, how)
    with pytest.raises(KeyUnreadable) as refused:
        keys.signer("seal")
    assert str(keys.folder) in str(refused.value)
    assert "Restore" in str(refused.value) or "restore" in str(refused.value)


def test_a_key_of_the_wrong_kind_is_refused(keys: KeyFolder):
    keys.make_seal("log", "BY seal", NOW)
    with pytest.raises(KeyUnreadable, match="Ed25519"):
        keys.ed25519("log")
