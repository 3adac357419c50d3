"""Writes native-models/formats/codebooks.ts: the points that the IQ1, IQ2 and IQ3 types of GGUF choose from.

    python test/reference/codebooks.py

The points were found by their author by clustering; there is no formula for them. The `gguf` package has them too.
"""

import base64
import textwrap
from pathlib import Path

import numpy as np
from gguf import quants

OUT = Path(__file__).parents[2] / "native-models" / "formats" / "codebooks.ts"
HEAD = '''/**
 * The points of the IQ types of GGUF: a code names several neighbouring values at once. They are constants of the format
 * (ggml-common.h; written here by test/reference/codebooks.py), found by clustering, so that no formula gives them.
 *
 * From the gguf package. MIT License. Copyright (c) 2023 Georgi Gerganov
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files
 * (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify,
 * merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
 * furnished to do so, subject to the following conditions: The above copyright notice and this permission notice shall be included
 * in all copies or substantial portions of the Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
 * MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
 * LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
 * CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
 */

/** A codebook: its points one after another, `length` values each. */
function points(length: number, values: readonly number[], packed: string): Int8Array {
  const bytes = Buffer.from(packed, "base64");
  const bits = values.length > 4 ? 4 : 2;
  const all = new Int8Array((bytes.length * 8) / bits);
  for (let i = 0; i < all.length; i++) {
    const bit = i * bits;
    all[i] = values[(bytes[bit >> 3]! >> (bit & 7)) & ((1 << bits) - 1)]!;
  }
  if (all.length % length !== 0) throw new RangeError(`${all.length} values are not points of ${length}`);
  return all;
}
'''


def main() -> None:
    text = HEAD
    for name in ["IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ1_S"]:
        kind = getattr(quants, name)
        count, length = kind.grid_shape
        packed = base64.b64encode(bytes.fromhex(kind.grid_hex.decode())).decode()
        kind.init_grid()
        values = [int(value) for value in kind.grid_map]
        assert len(base64.b64decode(packed)) * (2 if len(values) > 4 else 4) == count * length
        spaces = textwrap.fill(packed, 112)
        text += f"\nexport const {name}_POINTS = points(\n  {length},\n  {values},\n"
        text += f"  `\n{spaces}\n`,\n);\n"
    OUT.write_text(text)


main()
