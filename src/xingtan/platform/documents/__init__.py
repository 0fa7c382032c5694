"""Printed output for every domain: charts, Word templates, PDF, page previews and generated sentences.

Use :mod:`xingtan.platform.documents.api`; the rest is internal. See README.md in this folder.
"""
