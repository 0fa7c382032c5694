"""Every sentence of this package that a user may read, in Chinese and English.

Placeholders are ``str.format`` names; the values are inserted as given, never formatted as templates again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "fonts.missing": (
        "缺少字体文件 {files}（应在 {folder}）。请运行“./dev build”，或用 XINGTAN_FONT_DIR 指定字体目录。",
        "Font files {files} are missing from {folder}. Run ./dev build, or point XINGTAN_FONT_DIR at them.",
    ),
    "typst.refused": ("排版失败：{reason}", "Typesetting failed: {reason}"),
    "typst.warning": ("排版提示：{message}", "Typesetting note: {message}"),
    "svg.malformed": ("图形格式有误：{reason}", "The drawing is malformed: {reason}"),
    "svg.too_large": (
        "图形过大（{width}×{height}，{ppi} ppi）。请缩小尺寸或分辨率。",
        "The drawing is too large ({width}×{height} at {ppi} ppi). Reduce its size or resolution.",
    ),
    "package.not_word": (
        "这不是有效的 Word 文档（.docx）：{reason}。请用 Word 或 WPS 另存为 .docx 后再上传。",
        "This is not a valid Word document (.docx): {reason}. Save it as .docx in Word or WPS and upload again.",
    ),
    "package.too_large": (
        "Word 文档过大：{what} 为 {size}，上限 {limit}。请压缩图片或拆分模板。",
        "The Word document is too large: {what} is {size}, the limit is {limit}. Shrink pictures or split it.",
    ),
    "package.bomb": (
        "“{part}”解压后异常膨胀（{ratio} 倍），疑为压缩炸弹，已拒绝。",
        "{part} expands {ratio} times when unpacked, as a zip bomb does; refused.",
    ),
    "package.bad_name": ("压缩包内文件名不合法：{part}", "The package holds a file with an illegal name: {part}"),
    "package.bad_xml": (
        "“{part}”不是规范的 XML（{reason}），已拒绝。",
        "{part} is not well-formed XML ({reason}); refused.",
    ),
    "package.dtd": (
        "“{part}”含有 DTD 声明，Word 不会产生这种内容，已拒绝。",
        "{part} declares a DTD, which Word never writes; refused.",
    ),
    "package.macro": (
        "文档含有宏（{part}），已拒绝。请另存为不含宏的 .docx。",
        "The document holds macros ({part}); refused. Save it as a .docx without macros.",
    ),
    "package.embedded": (
        "文档嵌入了 OLE 或 ActiveX 对象（{part}），已拒绝。请删除该对象，或改成图片。",
        "The document embeds an OLE or ActiveX object ({part}); refused. Delete it or replace it by a picture.",
    ),
    "package.import": (
        "文档引入了其他格式的内容（{part}），已拒绝。请把内容直接粘贴进文档。",
        "The document imports a chunk of another format ({part}); refused. Paste the content instead.",
    ),
    "package.external": (
        "文档引用了外部内容（{kind}：{target}），已拒绝。请把图片插入文档，不要用链接。",
        "The document refers to outside content ({kind}: {target}); refused. Insert pictures, do not link them.",
    ),
    "package.field_code": (
        "域代码 {field} 可能读取文件或运行程序，已拒绝。请在 Word 中删除该域。",
        "The field code {field} can read files or start programs; refused. Delete that field in Word.",
    ),
    "package.attached_template": (
        "已去掉附加模板的外部引用：{target}",
        "Removed the reference to an attached template: {target}",
    ),
    "package.link_removed": (
        "已去掉不允许的超链接：{target}",
        "Removed a hyperlink that is not allowed: {target}",
    ),
    "template.tag": (
        "模板标记书写有误：“{tag}”（{place}）。{reason}",
        "A template tag is written wrongly: “{tag}” ({place}). {reason}",
    ),
    "template.attribute": (
        "模板标记只能写在正文文字里，不能写在图片说明、书签等属性中：“{tag}”（{place}）",
        "Template tags belong in text, not in picture descriptions or other attributes: “{tag}” ({place})",
    ),
    "template.too_many_tags": (
        "模板标记过多：{place} 中有 {count} 个，上限 {limit}。",
        "Too many template tags: {count} in {place}, the limit is {limit}.",
    ),
    "template.construct": (
        "模板中不允许使用“{construct}”（{place}）。可用的有：字段、for、if、比较，以及过滤器 {filters}。",
        "“{construct}” is not allowed in a template ({place}). Allowed: fields, for, if, comparisons, {filters}.",
    ),
    "template.loop_depth": (
        "循环嵌套超过 {limit} 层（{place}）。",
        "Loops are nested deeper than {limit} ({place}).",
    ),
    "template.syntax": (
        "模板语法有误（{place}）：{reason}",
        "The template has a syntax error ({place}): {reason}",
    ),
    "template.unknown_field": (
        "模板中的字段“{field}”不存在。可用字段：{available}",
        "The template names a field that does not exist: {field}. Available: {available}",
    ),
    "template.not_a_list": (
        "“{field}”不是列表，不能用于 for 循环。",
        "{field} is not a list, so a for loop cannot run over it.",
    ),
    "template.not_text": (
        "“{field}”是列表或一组字段，不能直接显示；请写明其中的字段或使用循环。",
        "{field} is a list or a group of fields and cannot be printed; name one of its fields or loop over it.",
    ),
    "template.not_number": (
        "过滤器 number 只能用于数值，且小数位数为 0–9：{value}（小数位数 {decimals}）",
        "The filter number needs a number and 0–9 decimals: {value} with {decimals} decimals",
    ),
    "template.comparison": (
        "模板中的比较无法进行：{reason}",
        "A comparison in the template cannot be made: {reason}",
    ),
    "template.broken_result": (
        "填充后的文档结构不完整（{place}）：{reason}。for/if 与 endfor/endif 须在同一层（表格行用 tr，段落用 p）。",
        "The filled document is not well-formed ({place}): {reason}. Keep for/if and their ends at one level (tr, p).",
    ),
    "template.value": (
        "字段“{field}”的值类型不受支持：{type}",
        "The value of {field} has a type that templates cannot use: {type}",
    ),
    "limit.output": (
        "填充结果过大（超过 {limit} 个字符），已停止。",
        "The filled document would exceed {limit} characters; stopped.",
    ),
    "limit.iterations": (
        "循环次数超过 {limit}，已停止。",
        "Loops ran more than {limit} times; stopped.",
    ),
    "limit.seconds": (
        "填充超过 {limit} 秒，已停止。",
        "Filling took longer than {limit} seconds; stopped.",
    ),
    "pdf.font": (
        "字体“{font}”未安装，PDF 中以 {used} 代替",
        "Font “{font}” is not installed; the PDF uses {used} instead",
    ),
    "pdf.unsupported": (
        "PDF 未能呈现：{what}（{place}）",
        "Not reproduced in the PDF: {what} ({place})",
    ),
    "pdf.approximated": (
        "PDF 中近似呈现：{what}（{place}）",
        "Approximated in the PDF: {what} ({place})",
    ),
    "pdf.picture": (
        "PDF 无法显示图片 {name}：{reason}",
        "The PDF cannot show picture {name}: {reason}",
    ),
    "pdf.glyphs": (
        "字体缺少以下字符，PDF 中显示为空框：{characters}",
        "The font lacks these characters, which the PDF shows as empty boxes: {characters}",
    ),
    "pages.not_document": (
        "无法预览：既不是 PDF，也不是 Word 文档（.docx）。",
        "Cannot preview: neither a PDF nor a Word document (.docx).",
    ),
    "pages.none": (
        "没有第 {first} 页。",
        "There is no page {first}.",
    ),
}


_BILINGUAL: Final = frozenset({"what", "place", "reason"})


def message(code: str, params: Mapping[str, str], lang: str) -> str:
    """Return the sentence ``code`` in ``lang`` ("zh-hans" or "en") with ``params`` filled in.

    The parameters what, place and reason may be written "中文 / English"; the half that suits ``lang`` is shown.
    """
    english = lang == "en"
    chosen = {k: _half(v, english) if k in _BILINGUAL else v for k, v in params.items()}
    return MESSAGES[code][english].format(**chosen)


def _half(value: str, english: bool) -> str:
    chinese, slash, other = value.partition(" / ")
    return other if slash and english else chinese if slash else value
