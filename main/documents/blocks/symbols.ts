/** Characters of symbol fonts, which Word writes by their code in the font (Adobe's Symbol, Microsoft's Wingdings). */

const SYMBOL = table(0x41, "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ")
  .concat(table(0x61, "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"))
  .concat(table(0xa0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…"))
  .concat(table(0xc4, "⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊"))
  .concat([[0x2d, "−"], [0xe5, "∑"], [0xf2, "∫"], [0x40, "≅"]]); // prettier-ignore

const FONTS: Readonly<Record<string, ReadonlyMap<number, string>>> = {
  symbol: new Map(SYMBOL),
  wingdings: new Map([
    [0x28, "☎"], [0x2a, "✉"], [0x4a, "☺"], [0x6c, "●"], [0x6e, "■"], [0x6f, "☐"], [0x71, "☐"], [0x72, "☐"], [0x78, "☒"],
    [0xa7, "▪"], [0xa8, "☐"], [0xdf, "←"], [0xe0, "→"], [0xe1, "↑"], [0xe2, "↓"], [0xe8, "→"], [0xf0, "⇨"], [0xf3, "⇔"],
    [0xfb, "✗"], [0xfc, "✓"], [0xfd, "☒"], [0xfe, "☑"],
  ]),
  "wingdings 2": new Map([
    [0x4f, "✗"], [0x50, "✓"], [0x51, "☒"], [0x52, "☑"], [0x53, "☒"], [0x54, "☒"], [0xa3, "☐"],
  ]),
}; // prettier-ignore

function table(first: number, characters: string): [number, string][] {
  return [...characters].map((character, index) => [first + index, character]);
}

/** The private-use range in which Word writes the codes of symbol fonts. */
const PRIVATE = { first: 0xf000, last: 0xf0ff };

/** The character of a code in a symbol font, empty if unknown; in another font, the character itself. */
export function symbolIn(font: string, code: number): string {
  const own = code >= PRIVATE.first && code <= PRIVATE.last ? code - PRIVATE.first : code;
  const known = FONTS[font.toLowerCase()]?.get(own);
  if (known !== undefined) return known;
  if (own !== code) return /symbol/i.test(font) && own < 0x7f ? String.fromCharCode(own) : "";
  return code > 0x20 && code < 0xe000 ? String.fromCharCode(code) : "";
}

/** Text with the characters that it has by their codes in a symbol font. */
export function withSymbols(text: string, font: string): string {
  return text.replace(/[\uf000-\uf0ff]/g, (symbol) => symbolIn(font || "Symbol", symbol.charCodeAt(0)));
}
