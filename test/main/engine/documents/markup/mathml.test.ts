import { expect, test } from "vitest";
import { parseHtml, parseXml } from "../../../../../main/engine/documents/markup/markup.ts";
import type { Element } from "../../../../../main/engine/documents/markup/markup.ts";
import { isMath, mathText } from "../../../../../main/engine/documents/markup/mathml.ts";

const row = (...parts: readonly string[]) => `<mrow>${parts.join("")}</mrow>`;
const [mi, mo, mn] = ["mi", "mo", "mn"].map((name) => (text: string) => `<${name}>${text}</${name}>`) as [
  (text: string) => string,
  (text: string) => string,
  (text: string) => string,
];
const cells = (...texts: readonly string[]) =>
  `<mtr>${texts.map((text) => `<mtd>${mn(text)}</mtd>`).join("")}</mtr>`;
const [a, b, n, x, two] = [mi("a"), mi("b"), mi("n"), mi("x"), mn("2")];
const sum = row(a, mo("+"), b);

test.each([
  [`${mi("F")}${mo("=")}<mfrac>${sum}${two}</mfrac>`, "F=(a+b)/2"],
  [`<mfrac>${row(mo("("), sum, mo(")"))}${mi("∞")}</mfrac>`, "(a+b)/∞"],
  [`${mo("(")}<mfrac linethickness="0">${n}${mi("k")}</mfrac>${mo(")")}`, "(n¦k)"],
  [`<msup>${sum}${two}</msup>${mo("=")}<msup>${row(mo("("), a, mo(")"))}${two}</msup>`, "(a+b)^2=(a)^2"],
  [`<msub>${x}<mrow>${n}${mo("+")}${mn("1")}</mrow></msub><msubsup>${x}${n}${two}</msubsup>`, "x_(n+1)x_n^2"],
  [`<munderover>${mo("∑")}${row(n, mo("="), mn("1"))}${a}</munderover>${x}`, "∑_(n=1)^a x"],
  [`${mo("∫")}${x}<munder>${mi("lim")}${row(x, mo("→"), mn("0"))}</munder>${b}`, "∫ x lim_(x→0) b"],
  [
    `${two}${mi("sin")}${mo("\u2061")}${x}${mo("=")}<mtext>Preis</mtext><mspace/><mtext>je </mtext>${n}`,
    "2 sin x=Preis je n",
  ],
  [`${two}${mo("\u2062")}${x}${mn("1")}${mn("000")}`, "2x1 000"],
  [`<msqrt>${sum}</msqrt><mroot>${x}${mn("13")}</mroot><mroot>${x}${a}</mroot>`, "√(a+b)¹³√xa√x"],
  [`<mover accent="true">${x}${mo("→")}</mover><mover>${row(a, b)}${mo("¯")}</mover>`, "x\u20d7ab¯"],
  [`${mn("20")}<msup><mi></mi>${mo("∘")}</msup>${mi("C")}<msup>${mi("f")}${mo("′")}</msup>`, "20°Cf′"],
  [
    `<mmultiscripts>${mi("U")}<none/>${mo("+")}<mprescripts/>${mn("92")}${mn("238")}</mmultiscripts>`,
    "_92^238U^+",
  ],
  [`${mo("(")}<mtable>${cells("1", "2")}${cells("3", "4")}</mtable>${mo(")")}`, "(1, 2; 3, 4)"],
  [`<mfenced open="[" close="[" separators="; ">${a}${b}${n}</mfenced><mphantom>${x}</mphantom>`, "[a;b;n["],
  [`<semantics>${row(a)}<annotation>SOURCE</annotation></semantics>`, "a"],
  [`<semantics><mrow/><annotation encoding="StarMath 5.0">x over y</annotation></semantics>`, "x over y"],
  ["α", "α"],
])("MathML %s is %s", (content, text) => {
  for (const math of [
    parseHtml(`<math>${content}</math>`).children[0] as Element,
    parseXml(`<math:math>${content.replace(/<(\/?)(?=\w)/g, "<$1math:")}</math:math>`),
  ]) {
    expect(isMath(math)).toBe(true);
    expect(mathText(math)).toBe(text);
  }
});
