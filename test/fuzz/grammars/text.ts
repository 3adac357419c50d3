/** Plain text, in the encodings that programs have written it in, and tables and JSON under its name. */
import { join } from "node:path";
import iconv from "iconv-lite";
import type { Random } from "../../../native-models/random.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { damaged } from "../pieces.ts";
import { lookedAt } from "./document.ts";

const ENCODINGS = ["utf16le", "utf-16be", "utf-16", "windows-1252", "windows-1250", "windows-1251", "windows-1255", "koi8-r", "cp866", "cp850", "macintosh", "iso-8859-2", "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr"]; // prettier-ignore
const LINES = ["Die Mieterin übergibt die Räume.", "Zażółć gęślą jaźń.", "Срок составляет три месяца.", "賃料は毎月支払う。", "租金每月支付。", "임대료는 매월 지급한다.", "השוכר יחזיר את הנכס.", "question;answer", "a\tb", "{", '[{"text":"x"}]', "<html>", "%", "From me", "Human: x", "Assistant: y"]; // prettier-ignore
const ENDS = ["\n", "\n\n", "\r\n", "\r", "\f", "\u2028", "\v", " "];

export const text: FuzzedParser = {
  name: "text",
  shortCount: 400,
  make(random, isChanged) {
    if (!isChanged) return { "text.txt": Buffer.from("Some text.\n\nMore of it.\n") };
    const lines = several(random, 1, 12, () => line(random) + pick(random, ENDS));
    const encoding = chance(random, 60) ? pick(random, ENCODINGS) : "utf8";
    const bytes = iconv.encode(lines.join(""), encoding, { addBOM: chance(random, 20) });
    return { "text.txt": chance(random, 40) ? damaged(bytes, random) : bytes };
  },
  parse: (folder) => lookedAt(join(folder, "text.txt")),
};

function line(random: Random): string {
  const part = chance(random, 60) ? pick(random, LINES) : textOf(random);
  return part.repeat(chance(random, 5) ? 2000 : 1);
}
