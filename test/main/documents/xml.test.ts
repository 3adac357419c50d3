import { describe, expect, test } from "vitest";
import { refusal, writtenBlocks } from "./read.ts";

const written = (xml: string | Uint8Array, name = "a.xml") => writtenBlocks(name, xml);

describe("The text of XML", () => {
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

  test("that contains data", async () => {
    const entry = "<Entry><Amount>39.95</Amount><Name>Quast</Name><Text>Bill 12 of May</Text></Entry>";
    expect(await reasonOf(`<Bank>${entry.repeat(7)}</Bank>`)).toMatch(
      /data, not text; save it as CSV or XLSX/,
    );
    expect(await written(`<Bank>${entry.repeat(2)}</Bank>`)).toHaveLength(6);
  });

  test("that is truncated, nested over 10,000 deep, or has no element or text", async () => {
    expect(await reasonOf("<a><b>text</b>")).toBe("its end is missing; the file is truncated");
    expect(await reasonOf("<a>".repeat(20_000))).toBe("its parts are nested too deep");
    expect(await reasonOf("text")).toBe("it contains no text");
    expect(await reasonOf("<a><b/></a>")).toBe("it contains no text");
  });
});
