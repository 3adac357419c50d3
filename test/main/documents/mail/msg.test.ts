import { describe, expect, test } from "vitest";
import { decompressRtf } from "../../../../main/documents/mail/msg/compressed-rtf.ts";
import { unicode } from "../compound-bytes.ts";
import { msgBytes, properties } from "./msg-bytes.ts";
import { read, refusal, writtenBlocks } from "../read.ts";

const SUBJECT = "__substg1.0_0037001F";
const BODY = "__substg1.0_1000001F";

/** The specification's examples ([MS-OXRTFCP] 4.1.1 and 4.1.2): compressed, and what they are. */
const COMPRESSED = Buffer.from(
  "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c09002062770 5b06c647d0a800fa0".replace(
    / /g,
    "",
  ),
  "hex",
);

describe("The text of an Outlook message", () => {
  test("is its subject and its text; what is attached is named", async () => {
    const attached = "__attach_version1.0_#00000000/__substg1.0_";
    const bytes = msgBytes({
      [SUBJECT]: unicode("Grüße"),
      [BODY]: unicode(`One.\r\n\r\n${"Two. ".repeat(1000)}\0`),
      [`${attached}3704001F`]: unicode("GEB~1.PDF"),
      [`${attached}3707001F`]: unicode("Gebühren.pdf"),
    });
    expect(await writtenBlocks("a.msg", bytes)).toEqual([
      "1 # Grüße",
      "2 One.",
      `3 ${"Two. ".repeat(1000).trim()}`,
    ]);
    expect((await read("a.bin", bytes)).details).toEqual({
      attachments: { count: 1, names: ["Gebühren.pdf"] },
    });
  });

  test("says who sent it to whom and when, and goes on with what is attached", async () => {
    const time = Buffer.alloc(16);
    time.writeUInt16LE(0x40, 0);
    time.writeUInt16LE(0x39, 2);
    time.writeBigUInt64LE((BigInt(Date.UTC(2024, 2, 1, 9, 15)) + 11_644_473_600_000n) * 10_000n, 8);
    const attached = (index: number) => `__attach_version1.0_#0000000${index}/__substg1.0_`;
    const inner = `${attached(1)}3701000D/`;
    const bytes = msgBytes({
      "__properties_version1.0": Buffer.concat([properties(), time]),
      [SUBJECT]: unicode("Miete"),
      [BODY]: unicode("Die Miete ist fällig."),
      "__substg1.0_0C1A001F": unicode("Jürgen Muster"),
      "__substg1.0_0C1F001F": unicode("/O=EXAMPLE/CN=MUSTER"),
      "__substg1.0_5D01001F": unicode("j@example.org"),
      "__substg1.0_0E04001F": unicode("Anna Weber; b@example.org\0"),
      [`${attached(0)}3707001F`]: unicode("note.txt"),
      [`${attached(0)}37010102`]: Buffer.from("A note."),
      [`${attached(1)}3001001F`]: unicode("Offer"),
      [`${inner}__properties_version1.0`]: Buffer.concat([Buffer.alloc(24), time]),
      [`${inner}${SUBJECT}`]: unicode("Offer"),
      [`${inner}${BODY}`]: unicode("Our offer of the day."),
      [`${attached(2)}3707001F`]: unicode("a.exe"),
      [`${attached(2)}37010102`]: Buffer.from("MZ"),
    });
    expect(await writtenBlocks("a.msg", bytes)).toEqual([
      "1 # Miete",
      "2 Von: Jürgen Muster <j@example.org>\nAn: Anna Weber, b@example.org\nDatum: 01.03.2024 09:15 UTC",
      "3 Die Miete ist fällig.",
      "4 # note.txt",
      "5 A note.",
      "6 # Offer",
      "7 Date: 2024-03-01 09:15 UTC",
      "8 Our offer of the day.",
    ]);
    expect((await read("a.msg", bytes)).details).toEqual({ attachments: { count: 1, names: ["a.exe"] } });
  });

  test("is decoded by the message's code page", async () => {
    const bytes = msgBytes({
      "__properties_version1.0": properties({ 0x3ffd: 1251 }),
      "__substg1.0_1000001E": Buffer.of(0xec, 0xe8, 0xf0),
    });
    expect(await writtenBlocks("a.msg", bytes)).toEqual(["1 мир"]);
  });

  test("is that of its HTML, or of its compressed RTF, if there is no other", async () => {
    const html = msgBytes({ "__substg1.0_10130102": Buffer.from("<p>Gr\xfc\xdfe<ul><li>one", "latin1") });
    expect(await writtenBlocks("a.msg", html)).toEqual(["1 Grüße", "2 - one"]);
    const rtf = msgBytes({ [SUBJECT]: unicode("Fees"), "__substg1.0_10090102": COMPRESSED });
    expect(await writtenBlocks("a.msg", rtf)).toEqual(["1 # Fees", "2 hello world"]);
  });

  test("is decompressed as in the specification's example", () => {
    expect(decompressRtf(COMPRESSED).toString()).toBe("{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
  });
});

test("An Outlook message is read if what follows the end of its text leads in a circle", async () => {
  const bytes = msgBytes({ [BODY]: unicode("Text. ".repeat(1000)) });
  const last = Math.ceil((2 * 6 * 1000) / 512) - 1; // its text is first, from sector 0 on
  bytes.writeUInt32LE(0, 512 * (bytes.readUInt32LE(76) + 1) + 4 * last);
  expect(await writtenBlocks("a.msg", bytes)).toEqual([`1 ${"Text. ".repeat(1000).trim()}`]);
});

describe("An Outlook message is refused", () => {
  test("that has no text", async () => {
    expect((await refusal("a.msg", msgBytes({ [SUBJECT]: unicode("Fees") }))).reason).toBe(
      "it contains no text",
    );
  });

  test("that is truncated, or whose sectors lead in a circle", async () => {
    const whole = msgBytes({ [BODY]: unicode("Text. ".repeat(1000)) });
    for (let length = 8; length < whole.length; length += 997)
      expect((await refusal("a.msg", whole.subarray(0, length))).reason, String(length)).toMatch(/damaged/);
    const circle = Buffer.from(whole);
    const table = 512 * (circle.readUInt32LE(76) + 1);
    circle.writeUInt32LE(0, table); // the first sector leads to itself
    expect((await refusal("a.msg", circle)).reason).toMatch(/damaged/);
  });
});
