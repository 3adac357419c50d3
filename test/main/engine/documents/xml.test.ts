import { describe, expect, test } from "vitest";
import { refusal, writtenBlocks } from "./read.ts";

const written = (xml: string | Uint8Array, name = "a.xml") => writtenBlocks(name, xml);

describe("The text of an article in JATS", () => {
  const article = `<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "JATS.dtd"><article>
    <front><journal-meta><journal-title>Journal</journal-title></journal-meta><article-meta>
      <title-group><article-title>Boats <italic>in</italic> lakes</article-title></title-group>
      <contrib-group><contrib><name>A. Author</name></contrib></contrib-group>
      <abstract><p>We count <xref>boats</xref>.</p></abstract></article-meta></front>
    <body><sec><label>1</label><title>Methods</title><p>By eye:<list list-type="order"><list-item><p>look</p></list-item><list-item><p>count</p></list-item></list></p>
      <sec><title>Places</title><p>Lakes; <inline-formula><tex-math>\\alpha</tex-math><mml:math>α</mml:math></inline-formula> of them.</p>
        <table-wrap><label>Table 1</label><caption><p>Counts.</p></caption><table><thead><tr><th>Lake</th><th>Boats</th></tr></thead><tbody><tr><td>A</td><td>3</td></tr></tbody></table></table-wrap></sec></sec></body>
    <back><ack><p>Thanks.</p></ack><ref-list><title>References</title><ref>A. Author, 1999</ref></ref-list></back></article>`;
  const blocks = [
    "1 # Boats in lakes",
    "2 ## Abstract",
    "3 We count boats.",
    "4 ## 1 Methods",
    "5 By eye:",
    "6 1. look",
    "7 2. count",
    "8 ### Places",
    "9 Lakes; α of them.",
    "10 Table 1 Counts.",
    "11 Lake | Boats",
    "12 A | 3",
    "13 Thanks.",
  ];

  test("is its title, abstract, sections and tables, without authors and references", async () => {
    expect(await written(article)).toEqual(blocks);
    expect(await written(article, "a.nxml")).toEqual(blocks);
  });

  test("has the notes that it refers to, the numbers of lists, and those of sources in brackets", async () => {
    const body = `<p>Paid.<xref ref-type="fn" rid="fn1">1</xref> Shown<sup><xref ref-type="bibr" rid="b">12</xref>,<xref ref-type="bibr" rid="c">13</xref></sup>, 3 m<sup>2</sup>.</p>
      <list list-type="alpha-lower"><list-item><p>one</p></list-item><list-item><label>(x)</label><p>two</p></list-item></list>`;
    const notes = `<fn-group><fn id="fn1"><label>1</label><p>In advance.</p></fn><fn id="fn2"><p>No interests.</p></fn></fn-group>`;
    expect(
      await written(
        `<?xml version="1.0"?><article><body><sec><title>A</title>${body}</sec></body><back>${notes}</back></article>`,
      ),
    ).toEqual(["1 ## A", "2 Paid.[1] Shown[12,13], 3 m2.", "3 a. one", "4 (x) two", "5 1. In advance."]);
  });

  test("has its formulas", async () => {
    const math = `<mml:math><mml:mfrac><mml:mi>a</mml:mi><mml:mn>2</mml:mn></mml:mfrac></mml:math>`;
    const formula = `<alternatives><tex-math>\\frac a2</tex-math>${math}</alternatives>`;
    const body = `<p>Half is <inline-formula>${formula}</inline-formula>.</p><disp-formula>${formula}</disp-formula>`;
    expect(
      await written(
        `<?xml version="1.0"?><article><body><sec><title>A</title>${body}</sec></body></article>`,
      ),
    ).toEqual(["1 ## A", "2 Half is a/2.", "3 a/2"]);
  });

  test("is that of each article in a set", async () => {
    const set = `<pmc-articleset>${article.replace(/^.*?<article>/s, "<article>").repeat(2)}</pmc-articleset>`;
    expect((await written(set)).length).toBe(2 * blocks.length);
  });
});

describe("The text of other XML", () => {
  test("is that of its elements in order, by paragraphs", async () => {
    const xml = `<?xml version="1.0" encoding="iso-8859-1"?><!-- <p>no</p> --><Set id="7"><Pair><Question>What is <b>it</b>?</Question>
      <Answer>First   line
         - an item

         Second &lt;paragraph&gt;<![CDATA[ & more]]></Answer></Pair><Empty/>\n</Set>`;
    expect(await written(Buffer.from(xml.replace("First", "Größe"), "latin1"))).toEqual([
      "1 What is it?",
      "2 Größe line\n- an item",
      "3 Second <paragraph> & more",
    ]);
  });

  test("is a table of its records, with the names of elements and attributes", async () => {
    const entry = (amount: string, party: string, ...texts: string[]) =>
      `<e:Entry xsi:type="x"><Amount currency="EUR">${amount}</Amount><Party><${party}><Name>Quast</Name></${party}></Party><Account><Name>Giro</Name></Account>${texts.map((text) => `<Text>${text}</Text>`).join("")}</e:Entry>`;
    const statement = `<Statement><Id>7</Id>${entry("39.95", "Payee", "Bill 12", "of May")}${entry("-5.00", "Payer")}</Statement>`;
    const rates = '<Rates><Rate of="USD" value="1.03"/><Rate of="JPY" value="161"/></Rates>';
    expect(await written(`<Bank>${statement.repeat(2)}${rates}</Bank>`)).toEqual([
      ...[1, 5].flatMap((first) => [
        `${first} 7`,
        `${first + 1} currency | Amount | Payee Name | Account Name | Text | Payer Name`,
        `${first + 2} EUR | 39.95 | Quast | Giro | Bill 12, of May | `,
        `${first + 3} EUR | -5.00 |  | Giro |  | Quast`,
      ]),
      "9 of | value",
      "10 USD | 1.03",
      "11 JPY | 161",
    ]);
  });

  test("is no table where elements have paragraphs, long texts or a single value", async () => {
    const long = "The keys are returned. ".repeat(10).trim();
    const sections = `<section><title>One</title><para>The first.</para></section><section><title>Two</title><para>The second.</para></section>`;
    const pairs = `<pair><q>What?</q><a>${long}</a></pair><pair><q>Who?</q><a>They.</a></pair>`;
    const runs = '<r id="1"><x>Some</x></r><r id="2"><x>words</x></r>';
    expect(await written(`<all>${sections}${pairs}${runs}</all>`)).toEqual(
      ["One", "The first.", "Two", "The second.", "What?", long, "Who?", "They.", "Some", "words"].map(
        (text, index) => `${index + 1} ${text}`,
      ),
    );
  });

  test("may be UTF-16 and have a document type that defines no entities", async () => {
    const xml = "\ufeff<!DOCTYPE a [ <!ELEMENT a (#PCDATA)> ]><a>Grüße</a>";
    expect(await written(Buffer.from(xml, "utf16le"))).toEqual(["1 Grüße"]);
  });
});

describe("XML is refused", () => {
  const reasonOf = async (xml: string) => (await refusal("a.xml", xml)).reason;

  test("that defines entities, whether of its own text, of entities or of files", async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>`;
    expect(await reasonOf(bomb)).toBe(
      "its XML defines entities of its own, which are not read; save it without them",
    );
    expect(
      await reasonOf(
        `<?xml version="1.0"?>\n<!--x--><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>`,
      ),
    ).toMatch(/entities/);
  });

  test("that is truncated, nested over 10,000 deep, or has no element or text", async () => {
    expect(await reasonOf("<a><b>text</b>")).toBe("its XML is incomplete; the file is truncated or damaged");
    expect(await reasonOf("<a>".repeat(20_000))).toBe("its elements are nested over 10,000 deep");
    expect(await reasonOf("text")).toBe("it contains no XML element");
    expect(await reasonOf("<a><b/></a>")).toBe("it contains no text");
  });
});
