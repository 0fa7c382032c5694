"""Translations without gettext: extract with Babel, keep with polib, compile to .mo.

``update [domains/identity …]`` brings the ``locale/zh_Hans`` files up to date with the code, ``compile`` writes the .mo files,
``check`` fails on a string that is missing, empty, fuzzy or no longer used.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract

SOURCE = Path(__file__).resolve().parent.parent / "src" / "xingtan"
LANGUAGE = "zh_Hans"
KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "gettext_noop": None, "_": None, "_n": (1, 2),
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
Key = tuple[str | None, str, str | None]


def configure_django() -> None:
    from django.conf import settings

    settings.configure(USE_I18N=True, SECRET_KEY="translations only")


def strings_of(path: Path) -> Iterator[Key]:
    """(context, message, plural) of a Python module or a Django template."""
    from django.utils.translation.template import templatize

    text = path.read_text(encoding="utf-8")
    if path.suffix in {".html", ".txt"}:
        # In brackets, because the indentation of a template is no indentation of Python.
        text = f"({templatize(text, origin=str(path))})"
    for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
        if isinstance(message, tuple):
            yield (context, message[0], message[1])
        elif message:
            yield (context, message, None)


def applications() -> list[Path]:
    """The folders that keep translations: every application with templates or Python that marks a string."""
    return sorted(path.parent for path in SOURCE.rglob("apps.py"))


def wanted(application: Path) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for path in sorted([*application.rglob("*.py"), *application.rglob("templates/**/*.html")]):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for key in strings_of(path):
            found.setdefault(key, str(path.relative_to(SOURCE)))
    return found


def file_of(application: Path) -> Path:
    return application / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def key_of(entry: polib.POEntry) -> Key:
    return (entry.msgctxt, entry.msgid, entry.msgid_plural or None)


def update(*names: str) -> int:
    for application in applications():
        if names and str(application.relative_to(SOURCE)) not in names:
            continue
        strings, path = wanted(application), file_of(application)
        if not strings:
            continue
        catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile(wrapwidth=110)
        catalogue.wrapwidth = 110
        catalogue.metadata = {
            "Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit", "Language": LANGUAGE,
            "MIME-Version": "1.0", "Plural-Forms": "nplurals=1; plural=0;",
        }  # fmt: skip
        known = {key_of(entry): entry for entry in catalogue}
        catalogue[:] = []
        for key, origin in sorted(strings.items(), key=lambda item: (item[1], item[0][1])):
            entry = known.get(key) or polib.POEntry(
                msgctxt=key[0], msgid=key[1], msgid_plural=key[2] or "", msgstr_plural={0: ""} if key[2] else {}
            )
            entry.occurrences = [(origin, "")]
            catalogue.append(entry)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
        missing = len([entry for entry in catalogue if not entry.translated()])
        print(f"{path.relative_to(SOURCE)}: {len(catalogue)} strings, {missing} to translate")
    return 0


def compile_all() -> int:
    for path in sorted(SOURCE.rglob(f"locale/{LANGUAGE}/LC_MESSAGES/django.po")):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    return 0


def contradictions() -> Iterator[str]:
    """Django merges all files into one, so the same words may not be translated in two ways."""
    known: dict[Key, dict[str, str]] = {}
    for application in applications():
        if (path := file_of(application)).exists():
            for entry in polib.pofile(str(path)):
                text = entry.msgstr or str(entry.msgstr_plural)
                known.setdefault(key_of(entry), {}).setdefault(text, str(application.relative_to(SOURCE)))
    for key, texts in known.items():
        if len(texts) > 1:
            told = ", ".join(f"{text} ({name})" for text, name in texts.items())
            yield f"translated in several ways, give one a context: {key[1]!r}: {told}"


def check() -> int:
    faults = list(contradictions())
    for application in applications():
        strings, path = wanted(application), file_of(application)
        name = application.relative_to(SOURCE)
        catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
        entries = {key_of(entry): entry for entry in catalogue if not entry.obsolete}
        faults += [
            f"{name}: not in the translation file: {key[1]!r} ({strings[key]})" for key in strings.keys() - entries
        ]
        faults += [f"{name}: no longer in the code: {key[1]!r}" for key in entries.keys() - strings.keys()]
        faults += [
            f"{name}: empty: {entry.msgid!r}"
            for entry in entries.values()
            if not entry.translated() and not entry.fuzzy
        ]
        faults += [f"{name}: fuzzy: {entry.msgid!r}" for entry in entries.values() if entry.fuzzy]
    for fault in sorted(faults):
        print(fault)
    if faults:
        print(f"{len(faults)} faults; ./dev messages brings the files up to date")
    return 1 if faults else 0


if __name__ == "__main__":
    configure_django()
    commands = {"update": update, "compile": compile_all, "check": check}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        sys.exit(f"usage: messages.py {' | '.join(commands)} [application]")
    sys.exit(commands[sys.argv[1]](*sys.argv[2:]))
