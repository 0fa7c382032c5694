"""The shipped Word template of the annual report, built from code so that it can be reviewed and translated.

An official may download it, change it in Word or WPS, and upload it again: every field it uses is listed by
:func:`xingtan.platform.documents.api.list_fields`, and the upload is checked against the report's own fields.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from docx.shared import Pt

from xingtan.platform.documents import palette
from xingtan.platform.documents.types import Lang
from xingtan.platform.documents.word.build import Align, TemplateBuilder, Words

from .wording import HEADS, phrase

_STAMP_SIZE: Final = 7.5


@lru_cache(maxsize=2)
def annual_report_template(lang: Lang = "zh-hans") -> bytes:
    """Return the template as ``.docx``."""
    builder = TemplateBuilder()
    builder.running_head("{{ title }}")
    builder.page_numbers(phrase("page_before", lang), phrase("page_between", lang), phrase("page_after", lang))
    _cover(builder)
    _overview(builder, lang)
    _contents(builder, lang)
    _chapters(builder, lang)
    _appendices(builder, lang)
    return builder.data()


def _cover(builder: TemplateBuilder) -> None:
    builder.paragraph("{{ city }}", align="center", size=18, before=120, after=10)
    builder.paragraph("{{ title }}", "Title line", align="center", after=6)
    builder.tag("{%p if subtitle %}")
    builder.paragraph("{{ subtitle }}", align="center", size=18)
    builder.tag("{%p endif %}")
    builder.tag("{%p if draft %}")
    builder.paragraph("{{ draft }}", align="center", size=16)
    builder.tag("{%p endif %}")
    builder.paragraph("{{ period }}", align="center", size=14, before=24)
    builder.paragraph("{{ bureau }}", align="center", size=16, before=160)
    builder.paragraph("{{ date }}", align="center", size=16, before=4)
    builder.paragraph("{{ run }}", align="center", size=9, before=10, colour=palette.MUTED)
    builder.page_break()


def _overview(builder: TemplateBuilder, lang: Lang) -> None:
    builder.heading(phrase("overview", lang), 1)
    builder.paragraph("{{ director.paragraph }}", "Body text")
    builder.tag("{%p for words in director.more %}")
    builder.paragraph("{{ words }}", "Body text")
    builder.tag("{%p endfor %}")
    builder.paragraph("{{ director.sources }}", "Note", before=6)
    tiles = "{% for tile in director.tiles %}{{ tile }}{% if not loop.last %} {% endif %}{% endfor %}"
    builder.paragraph(tiles, "Figure", before=10)
    builder.page_break()


def _contents(builder: TemplateBuilder, lang: Lang) -> None:
    builder.paragraph(phrase("contents", lang), align="center", size=16, bold=True, after=12)
    appendices = [
        phrase("appendix", lang, letter, phrase(key, lang))
        for letter, key in (("A", "definitions"), ("B", "quality"), ("C", "tracing"))
    ]
    chapters = ["{%p for c in chapters %}", "{{ c.title }}", "{%p endfor %}"]
    builder.contents(2, [phrase("overview", lang), *chapters, *appendices])


def _chapters(builder: TemplateBuilder, lang: Lang) -> None:
    builder.tag("{%p for c in chapters %}")
    builder.heading("{{ c.title }}", 1).paragraph_format.page_break_before = True
    builder.tag("{%p for words in c.paragraphs %}")
    builder.paragraph("{{ words }}", "Body text")
    builder.tag("{%p endfor %}")
    builder.heading(phrase("indicators", lang), 2)
    builder.paragraph("{{ c.table_caption }}", "Figure caption")
    builder.table(
        HEADS["indicators"][lang == "en"],
        [_named("r"), "{{ r.value }}", "{{ r.previous }}", "{{ r.change }}", "{{ r.target }}", _verdict("r"),
         "{{ r.status }}"],
        [47, 20, 20, 24, 17, 16, 12],
        loop="r in c.rows", aligns=_aligns("lrrrrcc"), size=9.5,
    )  # fmt: skip
    builder.paragraph("{{ c.note }}", "Note")
    builder.tag("{%p for t in c.trends %}")
    _figure(builder, "t.chart", "t.caption")
    builder.tag("{%p endfor %}")
    builder.tag("{%p if c.comparisons %}")
    builder.heading(phrase("counties", lang), 2)
    builder.tag("{%p endif %}")
    builder.tag("{%p for k in c.comparisons %}")
    builder.paragraph("{{ k.sentence }}", "Body text")
    builder.paragraph("{{ k.table_caption }}", "Figure caption")
    builder.table(
        HEADS["counties"][lang == "en"],
        ["{{ r.name }}", "{{ r.schools }}", "{{ r.value }}", "{{ r.previous }}", "{{ r.change }}", _verdict("r")],
        [36, 20, 28, 28, 26, 18],
        loop="r in k.rows", aligns=_aligns("lrrrrc"), size=9.5,
    )  # fmt: skip
    _figure(builder, "k.chart", "k.chart_caption")
    builder.tag("{%p endfor %}")
    builder.tag("{%p if c.equity %}")
    builder.heading(phrase("equity", lang), 2)
    builder.paragraph("{{ c.equity_paragraph }}", "Body text")
    builder.paragraph("{{ c.equity_caption }}", "Figure caption")
    builder.table(
        HEADS["equity"][lang == "en"],
        [_named("r"), "{{ r.scope }}", "{{ r.value }}", "{{ r.previous }}", "{{ r.change }}", "{{ r.limit }}",
         _verdict("r")],
        [45, 21, 19, 19, 18, 17, 17],
        loop="r in c.equity", aligns=_aligns("llrrrrc"), size=9.5,
    )  # fmt: skip
    builder.tag("{%p endif %}")
    builder.tag("{%p endfor %}")


def _appendices(builder: TemplateBuilder, lang: Lang) -> None:
    _appendix(builder, "A", "definitions", lang, new_page=True)
    builder.table(
        HEADS["definitions"][lang == "en"],
        [
            "{{ d.code }}",
            (Words("{{ d.name }}", bold=True), Words("\n{{ d.formula }}")),
            "{{ d.aggregation }}", "{{ d.article }}", "{{ d.status }}",
        ],
        [16, 68, 24, 36, 12],
        loop="d in definitions", aligns=_aligns("llllc"), size=9,
    )  # fmt: skip
    _appendix(builder, "B", "quality", lang)
    builder.tag("{%p if quality %}")
    builder.table(
        HEADS["quality"][lang == "en"], ["{{ q.item }}", "{{ q.result }}", "{{ q.consequence }}"], [44, 56, 56],
        loop="q in quality", aligns=_aligns("lll"), size=9.5,
    )  # fmt: skip
    builder.tag("{%p else %}")
    builder.paragraph(phrase("quality_empty", lang), "Body text")
    builder.tag("{%p endif %}")
    _appendix(builder, "C", "tracing", lang)
    builder.paragraph("{{ trace_text }}", "Body text")
    builder.table(["", ""], ["{{ f.label }}", "{{ f.value }}"], [52, 104], loop="f in run_facts",
                  aligns=_aligns("ll"), size=9.5, headless=True)  # fmt: skip
    builder.paragraph(style="Note")  # Word wants a paragraph after the last table


def _appendix(builder: TemplateBuilder, letter: str, key: str, lang: Lang, *, new_page: bool = False) -> None:
    heading = builder.heading(phrase("appendix", lang, letter, phrase(key, lang)), 1).paragraph_format
    heading.page_break_before, heading.space_before = new_page, None if new_page else Pt(30)


def _figure(builder: TemplateBuilder, chart: str, caption: str) -> None:
    builder.paragraph(f"{{{{ {chart} }}}}", "Figure").paragraph_format.keep_with_next = True
    builder.paragraph(f"{{{{ {caption} }}}}", "Figure title")


def _named(row: str) -> tuple[Words, ...]:
    stamp = Words(f"\n{{{{ {row}.stamp }}}}", size=_STAMP_SIZE, colour=palette.MUTED)
    return (Words(f"{{{{ {row}.name }}}}"), stamp)


def _verdict(row: str) -> tuple[Words, ...]:
    """A miss is bold and coloured; the word alone already says it."""
    return (
        Words(f"{{% if {row}.missed %}}"),
        Words(f"{{{{ {row}.verdict }}}}", colour=palette.ACCENT_DARK, bold=True),
        Words("{% else %}"),
        Words(f"{{{{ {row}.verdict }}}}"),
        Words("{% endif %}"),
    )


def _aligns(letters: str) -> list[Align]:
    names: dict[str, Align] = {"l": "left", "r": "right", "c": "center"}
    return [names[letter] for letter in letters]
