"""The environment variables that Xingtan reads, parsed once and typed.

Every variable starts with ``XINGTAN_``; docs/en/operations.md lists them. A wrong value stops the start
with a sentence that names the variable, because a half-configured server is worse than none.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


class EnvError(RuntimeError):
    """A ``XINGTAN_`` variable cannot be understood."""


@dataclass(frozen=True)
class Env:
    """Settings from the environment, validated."""

    data_dir: Path
    database: dict[str, object]
    secret_key: str
    debug: bool
    demo: bool
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    behind_https: bool
    font_dir: Path | None


def _flag(source: Mapping[str, str], name: str, default: bool) -> bool:
    text = source.get(name, "1" if default else "0").strip().lower()
    if text in TRUE_WORDS:
        return True
    if text in FALSE_WORDS:
        return False
    raise EnvError(f"{name}={text!r}: write 1 or 0")


def _words(source: Mapping[str, str], name: str, default: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in source.get(name, default).split(",") if word.strip())


def _database(url: str, data_dir: Path) -> dict[str, object]:
    if not url:
        url = f"sqlite:///{data_dir / 'xingtan.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) or ":memory:",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                # FULL, not NORMAL: with WAL + NORMAL a power cut loses rows already acknowledged.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        options: dict[str, object] = {"pool": {"min_size": 1, "max_size": 8, "timeout": 20}}
        host = parts.hostname or ""
        for item in parts.query.split("&"):
            key, _, value = item.partition("=")
            if key == "host":
                host = unquote(value)
            elif key:
                options[key] = unquote(value)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(parts.port or ""),
            "OPTIONS": options,
        }
    raise EnvError(f"XINGTAN_DATABASE_URL: scheme {parts.scheme!r} is unknown; use sqlite:/// or postgres://")


def _secret_key(source: Mapping[str, str], data_dir: Path) -> str:
    """The key given, or one made at the first start and kept readable by its owner alone."""
    given = source.get("XINGTAN_SECRET_KEY", "")
    if given:
        if len(given) < 32:
            raise EnvError("XINGTAN_SECRET_KEY: at least 32 characters")
        return given
    path = data_dir / "secret-key"
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    data_dir.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(48)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process made it between the look and the leap
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(key)
    return key


def read_env(source: Mapping[str, str] | None = None) -> Env:
    """Read and check every variable; raise `EnvError` naming the first that is wrong."""
    source = os.environ if source is None else source
    data_dir = Path(source.get("XINGTAN_DATA_DIR", "var")).expanduser().resolve()
    fonts = source.get("XINGTAN_FONT_DIR", "")
    return Env(
        data_dir=data_dir,
        database=_database(source.get("XINGTAN_DATABASE_URL", ""), data_dir),
        secret_key=_secret_key(source, data_dir),
        debug=_flag(source, "XINGTAN_DEBUG", False),
        demo=_flag(source, "XINGTAN_DEMO", False),
        hosts=_words(source, "XINGTAN_HOSTS", "localhost,127.0.0.1,[::1]"),
        origins=_words(source, "XINGTAN_ORIGINS", ""),
        behind_https=_flag(source, "XINGTAN_HTTPS", False),
        font_dir=Path(fonts) if fonts else None,
    )
