/** E-mail: messages of MIME parts, and those of Outlook. */
import { join } from "node:path";
import type { Random } from "../../../native-models/random.ts";
import { unicode } from "../../main/documents/compound-bytes.ts";
import { msgBytes, properties } from "../../main/documents/mail/msg-bytes.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { bytesOf, changed, damaged, raw, u32 } from "../pieces.ts";
import { lookedAt } from "./document.ts";

const CHARSETS = ["utf-8", "windows-1252", "koi8-r", "iso-2022-jp", "gb2312", "utf-7", "x", ""];

export const eml: FuzzedParser = {
  name: "eml",
  shortCount: 250,
  make(random, isChanged) {
    const message = isChanged
      ? `Subject: ${subject(random)}\r\n${envelope(random)}${part(random, 0)}`
      : `Subject: Some words\r\n\r\nSome text.\r\n`;
    const bytes = Buffer.from(message, pick(random, ["utf8", "latin1"]));
    return { "mail.eml": isChanged && chance(random, 60) ? damaged(bytes, random) : bytes };
  },
  parse: (folder) => lookedAt(join(folder, "mail.eml")),
};

/** A page that a browser saved in one file. */
export const mhtml: FuzzedParser = {
  name: "mhtml",
  shortCount: 100,
  make(random, isChanged) {
    const page = isChanged ? part(random, 0) : "Content-Type: text/html\r\n\r\n<p>Some text.\r\n";
    const bytes = Buffer.from(`MIME-Version: 1.0\r\n${page}`, pick(random, ["utf8", "latin1"]));
    return { "page.mhtml": isChanged && chance(random, 60) ? damaged(bytes, random) : bytes };
  },
  parse: (folder) => lookedAt(join(folder, "page.mhtml")),
};

function subject(random: Random): string {
  const text = textOf(random).replace(/[\r\n]/g, "");
  return pick(random, [
    text,
    `=?utf-8?B?${Buffer.from(text).toString("base64")}?=`,
    `=?${pick(random, CHARSETS)}?Q?=C3=BC=?= =?x?y?z?=`,
    `a\r\n\tb`,
  ]);
}

function envelope(random: Random): string {
  const address = () =>
    pick(random, [subject(random), "a@b.c", "A <a@b.c>", "g: a@b.c, d;", '"x', "<", ";,"]);
  const lines = several(random, 0, 4, () =>
    pick(random, [
      `From: ${address()}`,
      `To: ${several(random, 1, 4, address).join(", ")}`,
      `Cc: ${address()}`,
      `Date: ${pick(random, ["1 Mar 2024", "Fri, 99 Foo 2024 99:99", "31 Dec 99999", "x", ""])}`,
    ]),
  );
  return lines.map((line) => `${line}\r\n`).join("");
}

const NAMES = [
  "a.txt",
  "a.eml",
  "a.csv",
  "a.docx",
  "a.msg",
  "a.pdf",
  "a.zip",
  "../a.txt",
  "a › b.txt",
  ".txt",
];

function part(random: Random, depth: number): string {
  const isLeaf = depth > 4 || chance(random, 40);
  if (isLeaf) {
    const type = pick(random, [
      "text/plain",
      "text/html",
      "application/pdf; name*=utf-8''%FF",
      "message/rfc822",
      "text/calendar",
      "",
    ]);
    const encoding = pick(random, ["base64", "quoted-printable", "8bit", "x-uuencode"]);
    const disposition = chance(random, 30)
      ? `Content-Disposition: attachment; filename="${chance(random, 60) ? pick(random, NAMES) : subject(random)}"\r\n`
      : "";
    return `Content-Type: ${type}; charset="${pick(random, CHARSETS)}"\r\nContent-Transfer-Encoding: ${encoding}\r\n${disposition}\r\n${textOf(random)}=E4=\r\n<p>x\r\n`;
  }
  const [kind, boundary] = [
    pick(random, ["mixed", "alternative", "related", "x"]),
    pick(random, ["b", `b${depth}`, ""]),
  ];
  const parts = several(random, 0, 3, () => `--${boundary}\r\n${part(random, depth + 1)}`).join("");
  return `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${parts}--${boundary}--\r\n`;
}

export const msg: FuzzedParser = {
  name: "msg",
  shortCount: 250,
  make(random, isChanged) {
    const text = isChanged ? textOf(random) : "Some text.";
    const long = `${text} `.repeat(chance(random, 20) ? 500 : 1);
    const attached = "__attach_version1.0_#00000000/__substg1.0_";
    const inner = `${attached}3701000D/`;
    const form = isChanged ? random.integer(4) : 0;
    const bytes = msgBytes({
      "__properties_version1.0": properties({ 0x3ffd: pick(random, [1252, 65001, 932, 7]), 0x3fde: 1251 }),
      "__substg1.0_0037001F": unicode(text),
      ...(form === 0 ? { "__substg1.0_1000001F": unicode(long) } : {}),
      ...(form === 1 ? { "__substg1.0_1000001E": Buffer.from(long) } : {}),
      ...(form === 2 ? { "__substg1.0_10130102": Buffer.from(`<p>${long}`) } : {}),
      ...(form === 3 ? { "__substg1.0_10090102": compressed(random, long) } : {}),
      ...(isChanged && chance(random, 50)
        ? { "__substg1.0_0C1A001F": unicode(text), "__substg1.0_0E04001F": unicode(`${text};;a@b.c`) }
        : {}),
      [`${attached}3707001F`]: unicode(isChanged ? pick(random, NAMES) : "a.pdf"),
      ...(isChanged && chance(random, 50) ? { [`${attached}37010102`]: Buffer.from(long) } : {}),
      ...(isChanged && chance(random, 30)
        ? {
            [`${inner}__properties_version1.0`]: properties({ 0x39: random.integer(2 ** 31) }),
            [`${inner}__substg1.0_1000001F`]: unicode(text),
          }
        : {}),
    });
    return { "mail.msg": isChanged && chance(random, 70) ? changedFile(bytes, random) : bytes };
  },
  parse: (folder) => lookedAt(join(folder, "mail.msg")),
};

/** RTF in its compressed form, as literal bytes between references. */
function compressed(random: Random, text: string): Buffer {
  const content = Buffer.from(`{\\rtf1 ${text.replace(/[\\{}]/g, "")}}`);
  const groups: Buffer[] = [];
  for (let at = 0; at < content.length; at += 8) groups.push(Buffer.of(0), content.subarray(at, at + 8));
  if (chance(random, 30)) groups.push(Buffer.of(3, random.integer(256), random.integer(256), 0x0d, 0x70));
  const body = Buffer.concat(groups);
  return bytesOf([u32(body.length + 12), u32(content.length), raw("LZFu"), u32(0), raw(body)]);
}

/** Its tables are numbers of four bytes; any of them may be another. */
function changedFile(bytes: Buffer, random: Random): Buffer {
  if (chance(random, 30)) return damaged(bytes, random);
  const at = 4 * random.integer(bytes.length / 4);
  const number = u32(bytes.readUInt32LE(at));
  return bytesOf([raw(bytes.subarray(0, at)), ...changed([number], random), raw(bytes.subarray(at + 4))]);
}
