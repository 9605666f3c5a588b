"""Reads finished packs back with nothing of the library: PDF, Word, workbook."""

import io
import re
import zipfile
import zlib
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def pdf_objects(content):
    """All of a PDF that is text: the file itself and every stream that can be inflated."""
    parts = [content]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", content, re.S):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def docx_part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return ElementTree.fromstring(archive.read(name))


def docx_texts(content):
    """The text of each paragraph, cells included."""
    body = docx_part(content, "word/document.xml")
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in body.iter(f"{W}p")]


def numbers_in(text):
    return set(DIGITS.findall(text.replace("\u00a0", " ")))
