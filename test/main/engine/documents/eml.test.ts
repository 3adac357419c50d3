import { describe, expect, test } from "vitest";
import { read, refusal, writtenBlocks } from "./read.ts";

const written = (lines: readonly string[]) =>
  writtenBlocks("a.eml", Buffer.from(lines.join("\r\n"), "latin1"));
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("The text of a message", () => {
  test("is its subject and its text with what it quotes, decoded", async () => {
    const lines = [
      "From: A <a@example.org>",
      "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= =?iso-8859-1?B?9g==?=",
      "Content-Type: text/plain; charset=windows-1252",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "It costs 10 =80 a=",
      " day.",
      "",
      "> What does",
      "> it cost?",
    ];
    expect(await written(lines)).toEqual([
      "1 # Grüßeö",
      "2 It costs 10 € a day.",
      "3 > What does\n> it cost?",
    ]);
  });

  const mixed = [
    "Subject: Fees",
    'Content-Type: multipart/mixed; boundary="o"',
    "",
    "--o",
    'Content-Type: multipart/alternative; boundary="i"',
    "",
    "--i",
    "Content-Type: text/html",
    "",
    "<p>HTML",
    "--i",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    base64("Grüße"),
    "--i--",
    "--o",
    "Content-Type: application/pdf; name*=utf-8''Geb%C3%BChren.pdf",
    "Content-Disposition: attachment",
    "Content-Transfer-Encoding: base64",
    "",
    base64("%PDF-"),
    "--o--",
  ];

  test("is that of its text part rather than of its HTML; what is attached is named", async () => {
    expect(await written(mixed)).toEqual(["1 # Fees", "2 Grüße"]);
    const { details } = await read("a.eml", mixed.join("\r\n"));
    expect(details).toEqual({ attachments: { count: 1, names: ["Gebühren.pdf"] } });
  });

  test("is that of its HTML if there is no other", async () => {
    const lines = [
      "Subject: Fees",
      "Content-Type: text/html; charset=utf-8",
      "",
      "<ul><li>one<li>two</ul><script>1</script>",
    ];
    expect(await written(lines)).toEqual(["1 # Fees", "2 - one", "3 - two"]);
  });
});

describe("A message is refused", () => {
  test("that has no text or no header lines", async () => {
    expect((await refusal("a.eml", "Subject: x\r\n\r\n \r\n")).reason).toBe("it contains no text");
    expect((await refusal("a.eml", "\r\nJust text.")).reason).toBe(
      "it has no header lines, so it is no e-mail message",
    );
  });

  test("whose parts are nested without end", async () => {
    const part = (i: number) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`;
    const nested = Array.from({ length: 2000 }, (_, i) => part(i)).join("");
    expect((await refusal("a.eml", `Subject: x\r\n${nested}`)).reason).toMatch(/^its parts cannot be read/);
  });
});
