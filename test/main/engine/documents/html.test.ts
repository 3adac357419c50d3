import { describe, expect, test } from "vitest";
import { refusal, writtenBlocks } from "./read.ts";

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
      "13 a b\nc",
    ]);
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
    expect((await refusal("a.html", page("klingon"))).reason).toBe('its encoding "klingon" is not known');
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
  test("that has no text", async () => {
    expect((await refusal("a.html", "<html><script>1</script>")).reason).toBe("it contains no text");
  });

  test("that is nested over 10,000 deep; below that, what is too deep joins what is around it", async () => {
    const nested = (depth: number) => `${"<div>".repeat(depth)}Text.${"</div>".repeat(depth)}`;
    expect(await written(nested(9000))).toEqual(["1 Text."]);
    expect((await refusal("a.html", nested(20_000))).reason).toBe("its elements are nested over 10,000 deep");
  });
});
