import { describe, expect, test } from "vitest";
import { compoundBytes } from "../compound-bytes.ts";
import { blocksOf, read, refusal, writtenBlocks } from "../read.ts";
import { scratch } from "../scratch.ts";
import { docxBytes, docxParts, zipBytes } from "../files/zip-bytes.ts";

const WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const STYLES_AND_LISTS = [
  {
    name: "word/styles.xml",
    content: `<w:styles xmlns:w="${WORD}"><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style><w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style></w:styles>`,
  },
  {
    name: "word/numbering.xml",
    content: `<w:numbering xmlns:w="${WORD}">${["bullet", "decimal"].map((kind, id) => `<w:abstractNum w:abstractNumId="${id}">${[0, 1].map((level) => `<w:lvl w:ilvl="${level}"><w:start w:val="1"/><w:numFmt w:val="${kind}"/></w:lvl>`).join("")}</w:abstractNum>`).join("")}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>`,
  },
];

const paragraph = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;

describe("The text of a Word document", () => {
  test("is its headings, paragraphs, lists and tables", async () => {
    const styled = (style: string, text: string) =>
      `<w:p><w:pPr><w:pStyle w:val="${style}"/></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;
    const item = (list: number, level: number, text: string) =>
      `<w:p><w:pPr><w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${list}"/></w:numPr></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;
    const row = (...cells: string[]) => `<w:tr>${cells.map((xml) => `<w:tc>${xml}</w:tc>`).join("")}</w:tr>`;
    const header = row(paragraph("Day"), paragraph("Fee")).replace(
      "<w:tr>",
      "<w:tr><w:trPr><w:tblHeader/></w:trPr>",
    );
    const body = [
      styled("Title", "Boats"),
      styled("H1", "Fees"),
      paragraph("Grüße &amp; Dank"),
      item(1, 0, "One"),
      item(1, 1, "Part"),
      item(2, 0, "First"),
      item(2, 0, "Second"),
      `<w:tbl>${header}${row(paragraph("1"), paragraph("10 €") + paragraph("or less"))}</w:tbl>`,
    ];
    expect(
      await writtenBlocks("a.docx", zipBytes([...docxParts(body.join("")), ...STYLES_AND_LISTS])),
    ).toEqual([
      "1 # Boats",
      "2 # Fees",
      "3 Grüße & Dank",
      "4 - One",
      "5   - Part",
      "6 1. First",
      "7 2. Second",
      "8 Day | Fee",
      "9 1 | 10 € or less",
    ]);
  });

  test("has its notes at the end, and no pictures", async () => {
    const note = `<w:footnotes xmlns:w="${WORD}"><w:footnote w:id="2">${paragraph("As agreed.")}</w:footnote></w:footnotes>`;
    const body = `<w:p><w:r><w:t>The tenant pays.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>`;
    const parts = docxParts(body);
    const link = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/></Relationships>`;
    const files = [
      ...parts,
      { name: "word/_rels/document.xml.rels", content: link },
      { name: "word/footnotes.xml", content: note },
    ];
    expect(await writtenBlocks("a.docx", zipBytes(files))).toEqual([
      "1 The tenant pays.[1]",
      "2 1. As agreed.",
    ]);
  });

  test("numbers a note once, however often and from wherever it is referred to", async () => {
    const mark = `<w:r><w:footnoteReference w:id="2"/></w:r>`;
    const cell = (content: string) => `<w:tc>${content}</w:tc>`;
    const placing = `<w:tbl><w:tr>${cell(`<w:p><w:r><w:t>Fee</w:t></w:r>${mark}</w:p>`)}${cell(`<w:tbl/>${paragraph("10 €")}`)}</w:tr></w:tbl>`;
    const blocks = await withParts(`<w:p><w:r><w:t>Due at once</w:t></w:r>${mark}</w:p>${placing}`, {
      footnotes: `<w:footnote w:id="2"><w:p><w:r><w:t>See here</w:t></w:r>${mark}</w:p></w:footnote>`,
    });
    expect(blocks).toEqual(["1 Due at once[1]", "2 Fee[1]", "3 10 €", "4 1. See here[1]"]);
  });

  const numbered = (id: number, level: number, text: string) =>
    `<w:p><w:pPr><w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${id}"/></w:numPr></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;
  const level = (index: number, format: string, text: string, more = "") =>
    `<w:lvl w:ilvl="${index}"><w:start w:val="1"/><w:numFmt w:val="${format}"/>${more}<w:lvlText w:val="${text}"/></w:lvl>`;
  const withParts = (body: string, parts: Record<string, string>) =>
    writtenBlocks(
      "a.docx",
      zipBytes([
        ...docxParts(body),
        ...Object.entries(parts).map(([name, content]) => ({
          name: `word/${name}.xml`,
          content: `<w:${name} xmlns:w="${WORD}">${content}</w:${name}>`,
        })),
      ]),
    );

  test("has the numbers that Word shows, also where a paragraph parts a list and of headings", async () => {
    const kinds = [
      `<w:abstractNum w:abstractNumId="0">${level(0, "decimal", "§ %1", '<w:pStyle w:val="H1"/>')}${level(1, "decimal", "%1.%2")}</w:abstractNum>`,
      `<w:abstractNum w:abstractNumId="1">${level(0, "decimal", "(%1)")}${level(1, "lowerLetter", "%2)")}${level(2, "lowerRoman", "%3.")}</w:abstractNum>`,
      `<w:abstractNum w:abstractNumId="2">${level(0, "bullet", " ")}</w:abstractNum>`,
    ];
    const lists = [
      `<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>`,
      `<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num><w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>`,
    ];
    const styles = `<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Clause"/><w:basedOn w:val="H2"/></w:style><w:style w:type="paragraph" w:styleId="H2"><w:name w:val="Zwischen"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>`;
    const styled = (style: string, text: string, more = "") =>
      `<w:p><w:pPr><w:pStyle w:val="${style}"/>${more}</w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;
    const body = [
      styled("H1", "Rent"),
      ...[numbered(2, 0, "One"), numbered(2, 1, "part"), numbered(2, 1, "other"), numbered(2, 2, "deep")],
      numbered(4, 0, "More of it."),
      paragraph("Between."),
      ...[numbered(2, 0, "Two"), numbered(2, 1, "part")],
      styled("H1", "Term"),
      styled("Own", "Notice", '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'),
      ...[numbered(3, 0, "Anew"), numbered(2, 0, "On"), numbered(9, 0, "In no list")],
      styled("H1", "End", '<w:numPr><w:numId w:val="0"/></w:numPr>'),
    ];
    expect(await withParts(body.join(""), { styles, numbering: kinds.join("") + lists.join("") })).toEqual([
      "1 # § 1 Rent",
      "2 (1) One",
      "3   a) part",
      "4   b) other",
      "5     i. deep",
      "6 More of it.",
      "7 Between.",
      "8 (2) Two",
      "9   a) part",
      "10 # § 2 Term",
      "11 ## 2.1 Notice",
      "12 (1) Anew",
      "13 (2) On",
      "14 In no list",
      "15 # End",
    ]);
  });

  test("has the articles and sections of American contracts", async () => {
    const numbering = `<w:abstractNum w:abstractNumId="1">${level(0, "upperRoman", "Article %1.")}${level(1, "decimalZero", "Section %1.%2", "<w:isLgl/>")}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>`;
    const body = [numbered(1, 0, "Rent"), numbered(1, 1, "Amount"), numbered(1, 1, "Due date")].join("");
    expect(await withParts(body, { numbering })).toEqual([
      "1 Article I. Rent",
      "2   Section 1.01 Amount",
      "3   Section 1.02 Due date",
    ]);
  });

  test("counts a list from zero whose levels do not say where they start", async () => {
    const zero = level(0, "decimal", "%1.").replace('<w:start w:val="1"/>', "");
    const numbering = `<w:abstractNum w:abstractNumId="1">${zero}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>`;
    const body = numbered(1, 0, "Preamble") + numbered(1, 0, "Rent");
    expect(await withParts(body, { numbering })).toEqual(["1 0. Preamble", "2 1. Rent"]);
  });

  test("starts a level over only after items of the levels that it names", async () => {
    const restart = (index: number, after?: number) =>
      level(
        index,
        "decimal",
        `%${index + 1}.`,
        after === undefined ? "" : `<w:lvlRestart w:val="${after}"/>`,
      );
    const inner = async (after?: number) => {
      const kind = `<w:abstractNum w:abstractNumId="1">${restart(0)}${restart(1)}${restart(2, after)}</w:abstractNum>`;
      const numbering = `${kind}<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>`;
      const body = [0, 1, 2, 1, 2, 0, 2].map((index) => numbered(1, index, "x")).join("");
      const lines = await withParts(body, { numbering });
      return [2, 4, 6].map((index) => lines[index]!.replace(/^\d+ +|\. x$/g, ""));
    };
    expect(await inner()).toEqual(["1", "1", "1"]);
    expect(await inner(2)).toEqual(["1", "1", "1"]);
    expect(await inner(1)).toEqual(["1", "2", "1"]);
    expect(await inner(0)).toEqual(["1", "2", "3"]);
    expect(await inner(7)).toEqual(["1", "1", "1"]);
  });

  test("has the letters of Russian lists", async () => {
    const numbering = `<w:abstractNum w:abstractNumId="1">${level(0, "russianLower", "%1)")}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>`;
    const body = Array.from({ length: 10 }, () => numbered(1, 0, "пункт")).join("");
    const written = await withParts(body, { numbering });
    expect(written.slice(-2)).toEqual(["9 и) пункт", "10 к) пункт"]);
  });

  test("lacks diagrams, charts and imported files, and says how many", async () => {
    const drawing = (kind: string) =>
      `<w:p><w:r><w:drawing><a:graphic><a:graphicData>${kind}</a:graphicData></a:graphic></w:drawing></w:r></w:p>`;
    const drawings = ['<dgm:relIds r:dm="d1"/>', '<c:chart r:id="c1"/>', '<cx:chart r:id="c2"/>'].map(
      drawing,
    );
    const body = `${paragraph("Before.")}${drawings.join("")}<w:altChunk r:id="i1"/><w:altChunk r:id="i2"/>`;
    const { rows, details } = await read("a.docx", zipBytes(docxParts(body)));
    expect(rows).toMatchObject([{ example: { completion: "Before." } }]);
    expect(details).toEqual({ unreadImports: 2, unreadDrawings: 3 });
  });

  test("has nothing that is hidden, was deleted, is a comment or only asks for a text", async () => {
    const run = (text: string, properties = "") =>
      `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
    const styles = `<w:style w:type="character" w:styleId="Gone"><w:name w:val="Gone"/><w:rPr><w:vanish/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>`;
    const body = [
      `<w:p>${run("Seen")}${run(" hidden", "<w:vanish/>")}${run(" styled", '<w:rStyle w:val="Gone"/>')}${run(" shown.", '<w:rStyle w:val="Gone"/><w:vanish w:val="0"/>')}</w:p>`,
      `<w:p>${run("Pay ")}<w:del w:id="1"><w:r><w:delText>ten</w:delText></w:r></w:del><w:ins w:id="2">${run("nine")}</w:ins><w:moveFrom w:id="3">${run("moved")}</w:moveFrom><w:moveTo w:id="4">${run(" euros")}</w:moveTo><w:commentRangeStart w:id="5"/>${run(".")}<w:r><w:commentReference w:id="5"/></w:r></w:p>`,
      `<w:p><w:pPr><w:rPr><w:del w:id="6"/></w:rPr></w:pPr>${run("One para")}</w:p><w:p>${run("graph.")}</w:p>`,
      `<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>${run("Click here")}</w:sdtContent></w:sdt>${run("Name")}</w:p>`,
      `<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr>${run("Fees 3")}</w:p>`,
      `<w:tbl><w:tr><w:trPr><w:del w:id="7"/></w:trPr><w:tc>${paragraph("old")}</w:tc><w:tc>${paragraph("row")}</w:tc></w:tr><w:tr><w:tc>${paragraph("new")}</w:tc><w:tc>${paragraph("row")}</w:tc></w:tr></w:tbl>`,
    ];
    expect(await withParts(body.join(""), { styles, comments: paragraph("COMMENT") })).toEqual([
      "1 Seen shown.",
      "2 Pay nine euros.",
      "3 One paragraph.",
      "4 Name",
      "5 new | row",
    ]);
  });

  test("has formulas with what stands below, above and beside, and their rows", async () => {
    const r = (text: string) => `<m:r><m:t>${text}</m:t></m:r>`;
    const e = (text: string) => `<m:e>${r(text)}</m:e>`;
    const formulas = [
      [`<m:limLow>${e("lim")}<m:lim>${r("x→0")}</m:lim></m:limLow>`, "lim_(x→0)"],
      [`<m:acc><m:accPr><m:chr m:val="⃗"/></m:accPr>${e("v")}</m:acc>`, "v⃗"],
      [`<m:bar><m:barPr><m:pos m:val="top"/></m:barPr>${e("AB")}</m:bar>`, "AB¯"],
      [`<m:rad><m:deg>${r("3")}</m:deg>${e("x+1")}</m:rad>`, "(x+1)^(1/3)"],
      [
        `<m:f><m:fPr><m:type m:val="noBar"/></m:fPr><m:num>${r("n")}</m:num><m:den>${r("k")}</m:den></m:f>`,
        "n¦k",
      ],
      [`<m:sPre><m:sub>${r("92")}</m:sub><m:sup>${r("238")}</m:sup>${e("U")}</m:sPre>`, "_92^238U"],
      [
        `<m:d><m:e><m:m><m:mr>${e("1")}${e("2")}</m:mr><m:mr>${e("3")}${e("4")}</m:mr></m:m></m:e></m:d>`,
        "(1, 2; 3, 4)",
      ],
      [`<m:eqArr>${e("a=1")}${e("b=2")}</m:eqArr>`, "a=1; b=2"],
    ];
    const body = formulas.map(([xml]) => `<w:p><m:oMath>${xml}</m:oMath></w:p>`).join("");
    expect(await writtenBlocks("a.docx", zipBytes(docxParts(body)))).toEqual(
      formulas.map(([, text], i) => `${i + 1} ${text}`),
    );
  });

  test("has what fields show, boxes, formulas and symbols, each once", async () => {
    const field = (kind: string) => `<w:r><w:fldChar w:fldCharType="${kind}"/></w:r>`;
    const text = (content: string) => `<w:r><w:t xml:space="preserve">${content}</w:t></w:r>`;
    const box = `<w:txbxContent>${paragraph("In a box")}</w:txbxContent>`;
    const body = [
      `<w:p>${text("See ")}${field("begin")}<w:r><w:instrText>IF </w:instrText></w:r>${text("code")}${field("separate")}${text("clause 4")}${field("end")}${text(".")}</w:p>`,
      `<w:p>${text("Beside")}<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>${box}</w:drawing></mc:Choice><mc:Fallback><w:pict>${box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`,
      `<w:p><m:oMath><m:r><m:t>F=</m:t></m:r><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>`,
      `<w:p><w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>${text(" 5 ")}<w:r><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>\uf0fe</w:t></w:r></w:p>`,
      `<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="1"/></w:checkBox></w:ffData></w:fldChar></w:r>${field("end")}${text(" agreed")}</w:p>`,
    ];
    expect(await withParts(body.join(""), {})).toEqual([
      "1 See clause 4.",
      "2 Beside",
      "3 In a box",
      "4 F=(a+b)/2",
      "5 ≥ 5 ☑",
      "6 ☒ agreed",
    ]);
  });

  test("has tables with merged cells, and with the header that Word shows without saying so", async () => {
    const cell = (text: string, properties = "", bold = false) =>
      `<w:tc><w:tcPr>${properties}</w:tcPr><w:p><w:r>${bold ? "<w:rPr><w:b/></w:rPr>" : ""}<w:t>${text}</w:t></w:r></w:p></w:tc>`;
    const table = (look: string, ...rows: string[][]) =>
      `<w:tbl><w:tblPr><w:tblLook ${look}/></w:tblPr>${rows.map((cells) => `<w:tr>${cells.join("")}</w:tr>`).join("")}</w:tbl>`;
    const begins = '<w:vMerge w:val="restart"/>';
    const plain = [cell("Fee"), cell("10 €")];
    const body = [
      table(
        'w:firstRow="1"',
        [cell("Kind", "", true), cell("Price", "", true)],
        [cell("Rent", begins), cell("5 €")],
        [cell("", "<w:vMerge/>"), cell("6 €")],
        [cell("All", '<w:gridSpan w:val="2"/>')],
      ),
      table('w:firstRow="1"', plain, plain),
      table('w:val="0000"', [cell("Kind", "", true), cell("Price", "", true)], plain),
    ];
    const blocks = await blocksOf(scratch({ "a.docx": zipBytes(docxParts(body.join(""))) })("a.docx"));
    expect(blocks.map((block) => [block.text, block.kind === "row" && block.isHeader])).toEqual([
      ["Kind | Price", true],
      ["Rent | 5 €", false],
      ["Rent | 6 €", false],
      ["All", false],
      ["Fee | 10 €", false],
      ["Fee | 10 €", false],
      ["Kind | Price", false],
      ["Fee | 10 €", false],
    ]);
  });

  test("is read whatever prefix its names have, and with a number in its main part's name", async () => {
    const parts = docxParts(paragraph("The tenant pays."));
    const other = (parts[2]!.content as string).replaceAll("w:", "ns0:").replace("xmlns:w", "xmlns:ns0");
    const named = { name: "word/document2.xml", content: other };
    expect(await writtenBlocks("a.docx", zipBytes([parts[0]!, parts[1]!, named]))).toEqual([
      "1 The tenant pays.",
    ]);
  });

  test("becomes passages, whatever the name of the file is", async () => {
    const { format, rows } = await read("a.doc", docxBytes("The tenant pays.", "The landlord waits."));
    expect(format).toBe("docx");
    expect(rows).toMatchObject([
      { example: { prompt: "", completion: "The tenant pays.\n\nThe landlord waits." } },
    ]);
  });
});

describe("A Word document is refused", () => {
  const reasonOf = async (content: string | Uint8Array) => (await refusal("a.docx", content)).reason;

  test("that contains no text", async () => {
    expect(await reasonOf(docxBytes("", " "))).toBe("it contains no text");
  });

  test("that only imports files, or only shows diagrams", async () => {
    expect(await reasonOf(zipBytes(docxParts('<w:altChunk r:id="i1"/>')))).toBe(
      "it only imports files that cannot be read; open it in Word and save it",
    );
    expect(
      await reasonOf(zipBytes(docxParts("<w:p><w:r><w:drawing><c:chart/></w:drawing></w:r></w:p>"))),
    ).toMatch(/only contains diagrams and charts, which are not read/);
  });

  test("that is truncated anywhere", async () => {
    const whole = docxBytes("The tenant pays.");
    for (let length = 4; length < whole.length; length += 41) {
      expect(await reasonOf(whole.subarray(0, length))).toBe("its end is missing; the file is truncated");
    }
  });

  test("whose bytes were changed, with a sentence, or is read correctly", async () => {
    const whole = docxBytes("The tenant pays.");
    for (let at = 4; at < whole.length; at += 3) {
      const changed = Buffer.from(whole);
      changed[at] = changed[at]! ^ 0xff;
      const outcome = await reasonOf(changed).catch((error: Error) => error.message);
      expect(outcome).toMatch(
        /^(the file |its (XML|end|parts) |it is |it holds |it contains |it did not fail)/,
      );
    }
  });

  test("that would unpack to far more than a text, before unpacking it", async () => {
    const bomb = zipBytes(docxParts(paragraph(" ".repeat(200 * 2 ** 20))));
    expect(bomb.length).toBeLessThan(2 ** 18);
    const before = process.memoryUsage().rss;
    expect(await reasonOf(bomb)).toBe(
      "the file unpacks to more than 64 MiB of text; save it in parts, a large table as CSV",
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
  });

  test("whose XML is incomplete or excessively nested", async () => {
    expect(await reasonOf(zipBytes(docxParts("<w:p><w:r>")))).toMatch(/damaged|no text/);
    const deep = zipBytes(docxParts("<w:ins>".repeat(200_000) + "</w:ins>".repeat(200_000)));
    expect(await reasonOf(deep)).toBe("its parts are nested too deep");
  });

  test("with an entity expansion attack", async () => {
    const parts = docxParts(paragraph("&c;"));
    const entities =
      '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>';
    const main = { ...parts[2]!, content: `${entities}${parts[2]!.content as string}` };
    const { rows } = await read("a.docx", zipBytes([parts[0]!, parts[1]!, main])).catch(() => ({ rows: [] }));
    expect(JSON.stringify(rows).length).toBeLessThan(200);
  });

  test("that is protected by a password, in either way", async () => {
    const parts = docxParts(paragraph("secret")).map((part) => ({ ...part, encrypted: true }));
    expect(await reasonOf(zipBytes(parts))).toMatch(/protected by a password/);
    const office = compoundBytes({ EncryptedPackage: Buffer.alloc(600) });
    expect(await reasonOf(office)).toMatch(/protected by a password/);
  });

  test("that is another kind of file, named by its kind", async () => {
    const archive = (name: string) => reasonOf(zipBytes([{ name, content: "x" }]));
    expect(await archive("photo.jpg")).toMatch(/ZIP archive, not a document/);
    expect(await reasonOf("Dear Sir,")).toBe("its name is that of a Word document, but it is not one");
    expect(await reasonOf("")).toBe("the file is empty");
  });
});
