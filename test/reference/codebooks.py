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
