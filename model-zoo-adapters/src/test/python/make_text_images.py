#!/usr/bin/env python3
"""Makes text.png: ten lines of text, 192x48 pixels each, one below the other, for the test of a network that tells their direction.

Needs: pip install pillow, and the font DejaVu Sans
usage: make_text_images.py FONT.ttf OUT.png
"""
import sys

from PIL import Image, ImageDraw, ImageFont

LINES = ["Hello, world", "Private share", "INVOICE 2024", "Total: 37.50 EUR", "Please sign here", "Room 214 left", "Department of Health", "Opening hours", "Fragile goods", "Key of the day"]


def main(font, out):
    sheet = Image.new("L", (192, 48 * len(LINES)), 255)
    draw = ImageDraw.Draw(sheet)
    for i, line in enumerate(LINES):
        size = 40
        while ImageFont.truetype(font, size).getlength(line) > 180:
            size -= 1
        draw.text((96, 48 * i + 24), line, font=ImageFont.truetype(font, size), fill=16 * (i % 4), anchor="mm")
    sheet.quantize(16).save(out, optimize=True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
