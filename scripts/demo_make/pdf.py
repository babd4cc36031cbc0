"""A manual as its maker would print it: a small PDF, Chinese and then English, from the words of `manuals.json`.

Fonts are not embedded: Helvetica is every reader's own, and STSong-Light is the one a reader brings along, or replaces,
for simplified Chinese. The same words give the same bytes.
"""

import zlib

PAGE = (595, 842)
MARGIN, TOP, BOTTOM = 56, 780, 64
SIZES = {"title": (17, 30), "heading": (12.5, 20), "body": (10.5, 15)}


def width(text, size, is_chinese):
    narrow = 0.5 if is_chinese else 0.47
    return sum(size if ord(char) > 0x2E7F else size * narrow for char in text)


def wrapped(text, size):
    """Lines no wider than the page; English breaks at spaces, Chinese anywhere but before a closing mark."""
    lines, line = [], ""
    is_chinese = any(ord(char) > 0x2E7F for char in text)
    words, glue = (list(text), "") if is_chinese else (text.split(" "), " ")
    for word in words:
        longer = line + (glue if line else "") + word
        if width(longer, size, is_chinese) <= PAGE[0] - 2 * MARGIN or word in "，。；：、）”%":
            line = longer
        else:
            lines.append(line)
            line = word.lstrip()
    return lines + [line]


def shown(text, font):
    if font == "F1":
        plain = text.encode("cp1252", "replace").decode("latin-1")
        for char in "\\()":
            plain = plain.replace(char, "\\" + char)
        return f"({plain})"
    return "<" + text.encode("utf-16-be").hex() + ">"


def pages(manual, lang, font):
    """Streams of drawing operators, one for each page."""
    blocks = [("title", manual["title"][lang])]
    for section in manual["sections"]:
        blocks += [("heading", section["title"][lang]), ("body", section["text"][lang])]
    streams, operators, y = [], [], TOP
    for kind, text in blocks:
        size, leading = SIZES[kind]
        for n, line in enumerate(wrapped(text, size)):
            y -= leading if n or kind == "body" else leading + 6
            if y < BOTTOM:
                streams.append(operators)
                operators, y = [], TOP
            operators.append(f"BT /{font} {size} Tf {MARGIN} {y:g} Td {shown(line, font)} Tj ET")
            if kind == "title" and not n:
                operators.append(f"0.6 w {MARGIN} {y - 8:g} m {PAGE[0] - MARGIN} {y - 8:g} l S")
    return streams + [operators]


def manual(source):
    """The file's bytes and how many pages it has."""
    streams = pages(source, "zh", "F2") + pages(source, "en", "F1")
    kids = " ".join(f"{8 + 2 * n} 0 R" for n in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [5 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1)"
        b" /Supplement 2 >> /FontDescriptor 6 0 R /DW 1000 /W [1 95 500] >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880"
        b" /Descent -120 /CapHeight 880 /StemV 93 >>",
        ("<< /Title <feff" + source["title"]["zh"].encode("utf-16-be").hex() + "> /Producer (fieldline demo) >>").encode(),
    ]
    for n, operators in enumerate(streams):
        number = f"BT /F1 9 Tf {PAGE[0] / 2:g} 36 Td ({source['code']}   {source['edition']}   {n + 1} / {len(streams)}) Tj ET"
        packed = zlib.compress("\n".join(operators + [number]).encode("latin-1"), 9)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE[0]} {PAGE[1]}] /Contents {9 + 2 * n} 0 R"
            " /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode()
        )
        objects.append(f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream")
    out, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 7 0 R >>\n".encode()
    return out + f"startxref\n{out.rindex(b'xref')}\n%%EOF\n".encode(), len(streams)
