"""The `xingtan` command: start the installation and do its main jobs from the shell.

Each subcommand is a thin door to a management command, so that the work itself stands in its domain.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time

COMMANDS = {
    "demo": "load the demo city (does nothing if it is there)",
    "import": "bring a school table in: xingtan import FILE --mapping MAPPING --period 2026 [--dry-run]",
    "compute": "compute the figures of a period: xingtan compute --period 2026 | --all | --verify RUN",
    "report": "write a report: xingtan report --period 2026 --org CODE --out report.docx",
    "codes": "load administrative division codes: xingtan codes FILE.csv",
    "audit": "check the audit trail: xingtan audit verify",
}
STOP_GRACE = 20.0


def _django(words: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingtan.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["xingtan", *words])


def _up(options: argparse.Namespace) -> int:
    """Run web and worker until a signal or until one of them ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingtan.config.settings")
    if not options.no_migrate:
        _django(["migrate", "--verbosity", "0"])
        _django(["catalogue"])
    here = os.path.dirname(sys.executable)
    web = [
        os.path.join(here, "granian"), "--interface", "wsgi", "--host", options.host, "--port", str(options.port),
        "--workers", str(options.workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
        "xingtan.config.wsgi:application",
    ]  # fmt: skip
    worker = [sys.executable, "-m", "xingtan", "manage", "worker", "--no-reload", "--interval", "0.5"]
    children = [subprocess.Popen(web), *(subprocess.Popen(worker) for _ in range(options.jobs))]
    stopping = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    shown = "localhost" if options.host in {"0.0.0.0", "::"} else options.host  # noqa: S104
    print(f"Xingtan: http://{shown}:{options.port}/", flush=True)
    while not stopping and all(child.poll() is None for child in children):
        time.sleep(0.2)
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_GRACE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
    return 0 if stopping else 1


def main(words: list[str] | None = None) -> None:
    """Entry point of the console script."""
    words = sys.argv[1:] if words is None else words
    if words and words[0] == "manage":
        _django(words[1:])
        return
    if words and words[0] in COMMANDS:
        _django([f"xingtan_{words[0]}", *words[1:]])
        return
    parser = argparse.ArgumentParser(prog="xingtan", description="Xingtan 杏坛: the education cloud of a city")
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="run web and worker; settings come from XINGTAN_ variables")
    up.add_argument("--host", default="127.0.0.1")
    up.add_argument("--port", type=int, default=8000)
    up.add_argument("--workers", type=int, default=1, help="web processes")
    up.add_argument("--jobs", type=int, default=1, help="worker processes")
    up.add_argument("--no-migrate", action="store_true", help="do not bring the database up to date first")
    for name, text in COMMANDS.items():
        commands.add_parser(name, help=text, add_help=False)
    commands.add_parser("manage", help="any Django management command", add_help=False)
    sys.exit(_up(parser.parse_args(words)))
