from __future__ import annotations

import struct
from pathlib import Path

import pytest

from xingtan.platform.documents import fonts, raster
from xingtan.platform.documents.types import FontsMissingError, TypesettingError

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" viewBox="0 0 120 40">'
    '<text x="5" y="25" font-family="Noto Sans SC" font-size="16">{}</text></svg>'
)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_absent_fonts_name_the_files_and_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(fonts.ENVIRONMENT_VARIABLE, str(tmp_path))
    with pytest.raises(FontsMissingError) as caught:
        fonts.directory()
    for lang in ("zh-hans", "en"):
        shown = caught.value.text(lang)  # type: ignore[arg-type]
        assert "NotoSansSC-Regular.ttf" in shown
        assert "./dev build" in shown
        assert str(tmp_path) in shown


def test_unknown_families_fall_back_to_the_house_font() -> None:
    assert fonts.resolve("Noto Sans SC") == "Noto Sans SC"
    assert fonts.resolve("noto sans sc") == "Noto Sans SC"
    assert fonts.resolve("仿宋_GB2312") == "Noto Sans SC"


def test_system_and_embedded_fonts_are_out() -> None:
    assert fonts.collection().families() == ["Noto Sans SC"]


def test_missing_characters_are_found() -> None:
    assert fonts.missing_characters(set("杏坛年度报告 98.1% ≥≤①—√\n")) == set()
    assert fonts.missing_characters({"\U000323af", "杏"}) == {"\U000323af"}


def test_png_has_the_asked_resolution() -> None:
    assert size(raster.svg_to_png(SVG.format("云州"), ppi=96)) == (120, 40)
    assert size(raster.svg_to_png(SVG.format("云州"), ppi=192)) == (240, 80)


def test_chinese_is_drawn_as_glyphs() -> None:
    """Boxes for missing glyphs would make two different words of equal length the same picture."""
    assert raster.svg_to_png(SVG.format("云州")) != raster.svg_to_png(SVG.format("杏坛"))
    assert raster.svg_to_png(SVG.format("云州")) == raster.svg_to_png(SVG.format("云州"))


@pytest.mark.parametrize(
    "svg",
    [
        "<svg/>",
        "no drawing",
        '<svg width="10" height="10"',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g>',
    ],
)
def test_malformed_drawings_are_refused(svg: str) -> None:
    with pytest.raises(TypesettingError):
        raster.svg_to_png(svg)


def test_absurd_sizes_are_refused_before_drawing() -> None:
    with pytest.raises(TypesettingError, match="too large"):
        raster.svg_to_png('<svg xmlns="http://www.w3.org/2000/svg" width="40000" height="40000"/>')


def test_a_drawing_cannot_read_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text(SVG.format("机密"), encoding="utf-8")
    body = f'<image href="file://{secret}" width="120" height="40"/>'
    plain = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40">{}</svg>'
    with pytest.raises(TypesettingError):
        raster.svg_to_png(plain.format(body))
