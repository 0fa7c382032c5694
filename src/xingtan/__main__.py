"""`python -m xingtan` is the `xingtan` command."""

from __future__ import annotations

from xingtan.config.cli import main

if __name__ == "__main__":
    main()
