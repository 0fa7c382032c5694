"""Xingtan 杏坛: the education cloud of a city."""

__version__ = "0.1.0"
