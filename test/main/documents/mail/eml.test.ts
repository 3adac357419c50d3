import { describe, expect, test } from "vitest";
import { read, refusal, writtenBlocks } from "../read.ts";
import { docxBytes, zipBytes } from "../files/zip-bytes.ts";
import { rowsXml, workbookBytes } from "../sheets/sheet-bytes.ts";

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
      "2 From: A <a@example.org>",
      "3 It costs 10 € a day.",
      "4 > What does\n> it cost?",
    ]);
  });

  test("is decoded by its letters where it does not say how, or says so wrongly", async () => {
    const head = ["From: J\xfcrgen M\xfcller <a@example.org>", "Subject: Termin f\xfcr morgen"];
    const letter = ["", "Ich h\xe4tte gern einen Termin.", "", "Gr\xfc\xdfe \x96 M\xfcller"];
    for (const type of [[], ["Content-Type: text/plain; charset=utf-8"]])
      expect(await written([...head, ...type, ...letter])).toEqual([
        "1 # Termin für morgen",
        "2 Von: Jürgen Müller <a@example.org>",
        "3 Ich hätte gern einen Termin.",
        "4 Grüße – Müller",
      ]);
    const declared = ["Content-Type: text/plain; charset=iso-8859-2", "", "P\xf8\xedli\xb9 \xbelu\xbb"];
    expect(await written(["Subject: Gr\xfc\xdfe", ...declared])).toEqual(["1 # Grüße", "2 Příliš žluť"]);
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

  const head = [
    "From: =?utf-8?Q?J=C3=BCrgen?= Muster <j@example.org>",
    "To: Anna Weber <anna@example.org>, b@example.org",
    "Cc: Kanzlei: c@example.org, d@example.org;",
    "Date: Fri, 1 Mar 2024 9:15:00 +0100",
  ];

  test("says who wrote it to whom and when, in its language", async () => {
    expect(await written([...head, "", "We agree to the rent."])).toEqual([
      "1 From: Jürgen Muster <j@example.org>\nTo: Anna Weber <anna@example.org>, b@example.org\nCc: c@example.org, d@example.org\nDate: 2024-03-01 09:15",
      "2 We agree to the rent.",
    ]);
    const [german] = await written([...head, "", "Wir sind mit der Miete einverstanden."]);
    expect(german).toMatch(/^1 Von: .*\nAn: .*\nCc: .*\nDatum: 01\.03\.2024 09:15$/);
    const many = Array.from({ length: 12 }, (_, i) => `a${i}@example.org`).join(", ");
    expect((await written([`To: ${many}`, "Date: soon", "", "x"]))[0]).toMatch(/a9@example\.org, 2 more$/);
  });

  const part = (type: string, name: string, content: string | Buffer) => [
    "--o",
    `Content-Type: ${type}`,
    ...(name === "" ? [] : [`Content-Disposition: attachment; filename="${name}"`]),
    ...(type === "message/rfc822" ? [] : ["Content-Transfer-Encoding: base64"]),
    "",
    ...(type === "message/rfc822"
      ? [String(content)]
      : [Buffer.from(content).toString("base64").replace(/.{76}/g, "$&\r\n")]),
  ];
  const withParts = (...parts: string[][]) => [
    "Subject: Lease",
    'Content-Type: multipart/mixed; boundary="o"',
    "",
    ...part("text/plain; charset=utf-8", "", "See below."),
    ...parts.flat(),
    "--o--",
  ];

  test("goes on with the documents that are attached, and with forwarded messages and theirs", async () => {
    const inner = [
      "From: c@example.org",
      "Subject: Offer",
      'Content-Type: multipart/mixed; boundary="i"',
      "",
      "--i",
      "",
      "Our offer.",
      "--i",
      "Content-Type: text/csv",
      'Content-Disposition: attachment; filename="prices.csv"',
      "",
      "item,price\r\nroom,10\r\n",
      "--i",
      "Content-Type: image/png",
      'Content-Disposition: attachment; filename="logo.png"',
      "",
      "x",
      "--i--",
    ].join("\r\n");
    const lines = withParts(
      part("application/octet-stream", "lease.docx", docxBytes("The lease.")),
      part("message/rfc822", "", inner),
      part("application/pdf", "cut.pdf", "%PDF-"),
      part("text/plain", "same.txt", "One."),
      part("text/plain", "same.txt", "Two."),
      part("application/zip", "a.zip", zipBytes([])),
    );
    expect(await written(lines)).toEqual([
      "1 # Lease",
      "2 See below.",
      "3 # lease.docx",
      "4 The lease.",
      "5 # Offer",
      "6 From: c@example.org",
      "7 Our offer.",
      "8 # prices.csv",
      "9 item | price",
      "10 room | 10",
      "11 # same.txt",
      "12 One.",
      "13 # same.txt",
      "14 Two.",
    ]);
    const { details } = await read("a.eml", lines.join("\r\n"));
    expect(details).toEqual({ attachments: { count: 3, names: ["logo.png", "cut.pdf", "a.zip"] } });
  });

  test("names no column of an attached table that has no name", async () => {
    const table = async (content: string) =>
      (await written(withParts(part("text/csv", "prices.csv", content)))).slice(-2);
    expect(await table("item,,price\r\nroom,double,10\r\n")).toEqual([
      "4 item |  | price",
      "5 room | double | 10",
    ]);
    const sheets = [
      { name: "Rooms", rows: rowsXml(["item", "price"], ["room", "10"]) },
      { name: "Boats", rows: rowsXml(["boat", "length"], ["skiff", "4"]) },
    ];
    const workbook = part("application/octet-stream", "prices.xlsx", Buffer.from(workbookBytes(...sheets)));
    expect((await written(withParts(workbook))).slice(-6)).toEqual([
      ...["4 ## Rooms", "5 item | price", "6 room | 10"],
      ...["7 ## Boats", "8 boat | length", "9 skiff | 4"],
    ]);
    expect(await table("item,2023\r\nroom,10\r\n")).toEqual(["4 item | 2023", "5 room | 10"]);
  });

  test("is that of its HTML where the text only says that there is some", async () => {
    const alternatives = (text: string, html: string) => [
      'Content-Type: multipart/alternative; boundary="o"',
      "",
      ...part("text/plain", "", text),
      ...part("text/html", "", html),
      "--o--",
    ];
    const stub = "Please view in an HTML client.";
    expect(await written(alternatives(stub, `<p>${"The rent is due. ".repeat(20)}`))).toEqual([
      `1 ${"The rent is due. ".repeat(20).trim()}`,
    ]);
    expect(await written(alternatives(stub, "<p>Just as long as the text."))).toEqual([`1 ${stub}`]);
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
      "it has no header lines, so it is not an e-mail message",
    );
  });

  test("that is encrypted or signed as a whole", async () => {
    const smime = "Content-Type: application/pkcs7-mime; name=smime.p7m; smime-type=enveloped-data";
    const pgp = [
      'Content-Type: multipart/encrypted; boundary="b"; protocol="application/pgp-encrypted"',
      "",
      ...["--b", "Content-Type: application/pgp-encrypted", "", "Version: 1"],
      ...["--b", "Content-Type: application/octet-stream", "", "-----BEGIN PGP MESSAGE-----", "--b--"],
    ];
    for (const lines of [[smime, "", "MIIB"], pgp])
      expect((await refusal("a.eml", ["Subject: x", ...lines].join("\r\n"))).reason).toMatch(
        /^it is encrypted or signed as a whole/,
      );
  });

  test("whose parts are nested without end", async () => {
    const part = (i: number) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`;
    const nested = Array.from({ length: 2000 }, (_, i) => part(i)).join("");
    expect((await refusal("a.eml", `Subject: x\r\n${nested}`)).reason).toMatch(/nested too deep/);
  });
});
