import { describe, expect, test } from "vitest";
import { refusal, writtenBlocks } from "../read.ts";

const written = (html: string | Uint8Array, name = "a.html") => writtenBlocks(name, html);

describe("The text of a page", () => {
  test("is its headings, paragraphs, lists and tables, without scripts, styles and forms", async () => {
    const page = `<!DOCTYPE html><html><head><title>Boats</title><style>p { color: red }</style></head><body>
      <h1>Boats &amp; oars</h1><p>For <b>hire</b>&nbsp;by<br>the
      day.<p>Bring:<ul><li>a hat<ul><li>a warm one</ul><li><p>oars</p><p>Two of them.</p></ul>
      <ol start=3><li>first<li>second</ol>
      <table><caption>Fees</caption><tr><th>Day<th>Fee<tr><td>1<td>10 <p>or less</table>
      <pre>a  b
  c</pre><script>alert("<p>no</p>")</script><form><button>Send</button></form></body></html>`;
    expect(await written(page)).toEqual([
      "1 # Boats & oars",
      "2 For hire by\nthe day.",
      "3 Bring:",
      "4 - a hat",
      "5   - a warm one",
      "6 - oars",
      "7 Two of them.",
      "8 3. first",
      "9 4. second",
      "10 Fees",
      "11 Day | Fee",
      "12 1 | 10 or less",
      "13 a  b\n  c",
    ]);
  });

  test("keeps the indentation of code, also where each line is an element", async () => {
    const code = "if x:\n    if y:\n        return 1";
    const lines = code.split("\n").map((line) => `<div>${line}</div>`);
    expect(await written(`<h1>Loops</h1><pre><code>\n${code}  \n\n</code></pre>`)).toEqual([
      "1 # Loops",
      `2 ${code}`,
    ]);
    expect(await written(`<h1>Loops</h1><pre>${lines.join("")}</pre><p> a   b`)).toEqual([
      "1 # Loops",
      ...["2 if x:", "3     if y:", "4         return 1", "5 a b"],
    ]);
  });

  test("has marks of notes in brackets, no links back from them, and nothing that was deleted", async () => {
    const page = `<h1>Rent</h1><p>Monthly.<a href="#fn1" class="footnote-ref" role="doc-noteref"><sup>1</sup></a> Late.<sup><a href="#c2">2</a>, <a href="#c3">3</a></sup> m<sup>2</sup>, <a href="#top">1</a><sup><a href="#c">[4]</a></sup>, <del>old</del><ins>new</ins> <a class="sdfootnoteanc" href="#sdfootnote1sym"><sup>5</sup></a></p>
      <ol><li>In advance.<a href="#fnref1" role="doc-backlink">↩︎</a><li>As agreed. <a href="#r2">↑</a></ol><p><a class="sdfootnotesym" href="#sdfootnote1anc">5</a>In LibreOffice.</p>`;
    expect(await written(page)).toEqual([
      "1 # Rent",
      "2 Monthly.[1] Late.[2, 3] m2, 1[4], new [5]",
      "3 1. In advance.",
      "4 2. As agreed.",
      "5 [5] In LibreOffice.",
    ]);
  });

  test("has the numbers that a list shows, and the items that Word writes as paragraphs", async () => {
    const word = (level: number, mark: string, text: string) =>
      `<p class=MsoListParagraph style='margin-left:36.0pt;mso-list:l0 level${level} lfo1'><![if !supportLists]><span style='mso-list:Ignore'>${mark}<span>&nbsp;&nbsp;</span></span><![endif]>${text}<o:p></o:p></p>`;
    const page = `<h1>A</h1><ol type="a"><li>one<ol style="list-style-type: lower-roman"><li>deep<li value="4">four</ol><li>two</ol>${word(1, "·", "Point")}${word(2, "1)", "Number")}${word(2, "o", "Ring")}<p>After.`;
    expect(await written(page)).toEqual([
      "1 # A",
      "2 a. one",
      "3   i. deep",
      "4   iv. four",
      "5 b. two",
      "6 - Point",
      "7   1) Number",
      "8   - Ring",
      "9 After.",
    ]);
  });

  test("has the numbers of items that are terms, as in laws, and other terms", async () => {
    const page = `<p>Absatz 4 gilt, wenn</p><dl><dt>1.</dt><dd><div>der Mieter</div></dd><dt>2.</dt><dd>der Vermieter<dl><dt>a)</dt><dd>heute,</dd><dt>bb)</dt><dd></dd><dt>c)</dt><dd>morgen</dd></dl>zustimmt.</dd></dl><dl><dt>Akut</dt><dd>kurz</dd></dl>`;
    expect(await writtenBlocks("a.html", page)).toEqual([
      "1 Absatz 4 gilt, wenn",
      "2 1. der Mieter",
      "3 2. der Vermieter",
      "4   a) heute,",
      "5   c) morgen",
      "6 zustimmt.",
      "7 Akut",
      "8 kurz",
    ]);
  });

  test("has no headers and footers of LibreOffice's pages, no sources of formulas and readings of characters", async () => {
    const page = `<div title="header"><p>Letterhead</p></div><h1>A</h1><p><math><mi>x</mi><annotation>\\x</annotation></math> <ruby>漢<rt>kan</rt></ruby></p><div title="footer"><p>Page 1</p></div>`;
    expect(await written(page)).toEqual(["1 # A", "2 x 漢"]);
  });

  test("has its formulas, a displayed one in a line of its own, also where a picture shows it", async () => {
    const half = "<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>";
    const shown = half.replace("<math", '<math display="block"');
    const page = `<h1>A</h1><p>Half is ${half}:${shown}as <span style="display: none;">${half.replace(">a<", ">b<")}</span><img alt="b/2"> is.</p>`;
    expect(await written(page)).toEqual(["1 # A", "2 Half is a/2:\na/2\nas b/2 is."]);
  });

  test("is its main part under its title, without what surrounds it and what is hidden", async () => {
    const main = `<main><h2>Fees</h2><p>Ten a day.</p><p hidden>secret</p><p style="display: none">none</p></main>`;
    const page = `<title>Boats</title><header>Home</header><nav><a>Menu</a></nav>${main}<aside>Advertisement</aside><footer>Imprint</footer>`;
    expect(await written(page)).toEqual(["1 # Boats", "2 ## Fees", "3 Ten a day."]);
  });

  test("is its articles if it names no main part, otherwise all but navigation", async () => {
    expect(await written("<p>Menu<article>One.</article><article>Two.</article>")).toEqual([
      "1 One.",
      "2 Two.",
    ]);
    expect(await written("<main></main><nav>Menu</nav><div>One.</div><div>Two.</div>")).toEqual([
      "1 One.",
      "2 Two.",
    ]);
  });

  test("is that of cells if a table only places them", async () => {
    const inner = "<table><tr><td>1<td>10</table>";
    expect(await written(`<table><tr><td>Menu<td><h2>Fees</h2>${inner}</table>`)).toEqual([
      "1 Menu",
      "2 ## Fees",
      "3 1 | 10",
    ]);
  });

  test("is decoded as the page declares, as its byte order mark says, or as any other text", async () => {
    const page = (charset: string) => `<meta charset="${charset}"><p>Grüße: `;
    const cyrillic = Buffer.concat([Buffer.from('<meta charset="koi8-r"><p>'), Buffer.of(0xcd, 0xc9, 0xd2)]);
    expect(await written(cyrillic)).toEqual(["1 мир"]);
    expect(await written(Buffer.from(`${page("iso-8859-1")}\x80`, "latin1"))).toEqual(["1 Grüße: €"]);
    expect(await written(Buffer.from(`\ufeff${page("utf-16")}`, "utf16le"))).toEqual(["1 Grüße:"]);
    expect(await written(`\ufeff${page("windows-1252")}`)).toEqual(["1 Grüße:"]);
    expect(await written(Buffer.from("<p>Gr\xfc\xdfe", "latin1"))).toEqual(["1 Grüße"]);
    expect(await written(Buffer.from(`${page("ANSI_X3.4-1968")}\x80`, "latin1"))).toEqual(["1 Grüße: €"]);
    for (const unknown of ["klingon", "unicode"]) {
      expect(await written(page(unknown))).toEqual(["1 Grüße:"]);
      expect(await written(Buffer.from(page(unknown), "latin1"))).toEqual(["1 Grüße:"]);
    }
  });

  test("is read whatever the name of the file is, unless the name is that of a Markdown file", async () => {
    expect(await written("<!-- x -->\n<html><p>Text.", "a.txt")).toEqual(["1 Text."]);
    expect(await written('<?xml version="1.0"?>\n<html xmlns="x"><p/><p>Text.</p></html>', "a.xml")).toEqual([
      "1 Text.",
    ]);
    expect(await written("<html>\n", "a.md")).toEqual(["1 <html>"]);
  });
});

describe("A page is refused", () => {
  test("of a page that was saved as one file, without its frames", async () => {
    const part = (type: string, page: string) =>
      `------x\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${page}\r\n`;
    const page = "<!DOCTYPE html><meta charset=3D'windows-1252'><h1>Caf=E9</h1><p>Open on=\r\n Sundays.";
    const saved =
      'From: <Saved by Blink>\r\nSubject: Caf\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----x"\r\n\r\n' +
      `${part("text/html", page)}${part("text/html", "<p>Advertisement")}${part("text/css", "a {}")}------x--\r\n`;
    for (const name of ["a.mhtml", "a.mht", "a.html"])
      expect(await written(saved, name)).toEqual(["1 # Café", "2 Open on Sundays."]);
    const single = saved.replace(
      /multipart[^]*?\r\n\r\n[^]*?\r\n\r\n/,
      "text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
    );
    expect((await written(single, "a.mht"))[0]).toBe("1 # Café");
    expect((await refusal("a.mht", saved.slice(0, 150))).reason).toMatch(/no text/);
  });

  test("that has no text", async () => {
    expect((await refusal("a.html", "<html><script>1</script>")).reason).toBe("it contains no text");
  });

  test("that is nested over 10,000 deep; below that, what is too deep joins what is around it", async () => {
    const nested = (depth: number) => `${"<div>".repeat(depth)}Text.${"</div>".repeat(depth)}`;
    expect(await written(nested(9000))).toEqual(["1 Text."]);
    expect((await refusal("a.html", nested(20_000))).reason).toBe("its parts are nested too deep");
  });
});
