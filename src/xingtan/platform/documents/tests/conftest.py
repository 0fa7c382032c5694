"""Builders of Word files and readers of results, shared by this package's tests."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping

import docx
import pypdf
import pytest


@pytest.fixture
def word() -> Callable[..., bytes]:
    """Build a plain Word file with one paragraph per text."""

    def build(*paragraphs: str) -> bytes:
        document = docx.Document()
        for text in paragraphs:
            document.add_paragraph(text)
        return saved(document)

    return build


@pytest.fixture
def repacked() -> Callable[..., bytes]:
    """Return a Word file with parts added, replaced (bytes) or edited (function of the old text)."""

    def change(data: bytes, parts: Mapping[str, object]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                new = parts.get(name)
                old = source.read(name)
                target.writestr(name, new(old.decode()) if callable(new) else old if new is None else new)
            for name, content in parts.items():
                if name not in source.namelist():
                    target.writestr(name, content)
        return out.getvalue()

    return change


@pytest.fixture
def pdf_text() -> Callable[[bytes], str]:
    """Extract a PDF's text without white space: pypdf guesses spaces from gaps between Chinese and Latin."""

    def extract(data: bytes) -> str:
        pages = pypdf.PdfReader(io.BytesIO(data)).pages
        return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))

    return extract


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


@pytest.fixture
def save() -> Callable[[object], bytes]:
    """Return a python-docx document as bytes."""
    return saved
