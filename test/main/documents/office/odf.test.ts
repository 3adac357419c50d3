import { describe, expect, test } from "vitest";
import { mathObject, odtBytes, odtContent, odtObject, odtParts, odtWithObjects } from "./odt-parts.ts";
import { read, refusal, writtenBlocks } from "../read.ts";
import { zipBytes } from "../files/zip-bytes.ts";

const written = (body: string) => writtenBlocks("a.odt", odtBytes(body));
const p = (text: string) => `<text:p>${text}</text:p>`;

describe("The text of an OpenDocument text", () => {
  test("is its headings, paragraphs, lists and tables", async () => {
    const cell = (text: string) => `<table:table-cell>${p(text)}</table:table-cell>`;
    const body = [
      `<text:p text:style-name="P1">Boats</text:p>`,
      `<text:h text:outline-level="2">Fees</text:h>`,
      p(
        `Ten<text:s text:c="2"/><text:s text:c="-1"/>a <text:span>day</text:span>,<text:line-break/>or<text:tab/>less.`,
      ),
      `<text:list text:style-name="L1"><text:list-item>${p("one")}${p("more of it")}<text:list><text:list-item>${p("part")}</text:list-item></text:list></text:list-item><text:list-item>${p("two")}</text:list-item></text:list>`,
      `<text:list text:style-name="L1" text:continue-numbering="true"><text:list-item>${p("three")}</text:list-item></text:list>`,
      `<table:table><table:table-header-rows><table:table-row>${cell("Day")}${cell("Fee")}</table:table-row></table:table-header-rows><table:table-row>${cell("1")}${cell("10")}</table:table-row></table:table>`,
    ];
    expect(await written(body.join("\n"))).toEqual([
      "1 # Boats",
      "2 ## Fees",
      "3 Ten a day,\nor\tless.",
      "4 1. one",
      "5 more of it",
      "6   - part",
      "7 2. two",
      "8 3. three",
      "9 Day | Fee",
      "10 1 | 10",
    ]);
  });

  test("has its notes at the end, text in frames after its paragraph, and neither comments nor what was deleted", async () => {
    const note = `<text:note><text:note-citation>1</text:note-citation><text:note-body>${p("As agreed.")}</text:note-body></text:note>`;
    const frame = `<draw:frame><draw:text-box>${p("In a frame.")}</draw:text-box></draw:frame>`;
    const comment = `<office:annotation>${p("Really?")}</office:annotation>`;
    const deleted = `<text:tracked-changes>${p("Deleted.")}</text:tracked-changes>`;
    expect(
      await written(`${deleted}${p(`The tenant pays.${note}${frame}${comment}`)}${p("The end.")}`),
    ).toEqual(["1 The tenant pays.[1]", "2 In a frame.", "3 The end.", "4 1. As agreed."]);
  });

  test("has the sources that it cites, and no other marks", async () => {
    const mark = (kind: string, text: string) => `<text:${kind}-mark>${text}</text:${kind}-mark>`;
    const body = p(`As shown before ${mark("bibliography", "[Müller2011]")}${mark("toc", "MARK")}.`);
    expect(await written(body)).toEqual(["1 As shown before [Müller2011]."]);
  });

  test("has the notes of its tables, too, also of a table in a note, each with the number of its mark", async () => {
    const note = (content: string) => `<text:note><text:note-body>${content}</text:note-body></text:note>`;
    const table = (...cells: string[]) =>
      `<table:table><table:table-row>${cells.map((cell) => `<table:table-cell>${cell}</table:table-cell>`).join("")}</table:table-row></table:table>`;
    const body = [
      p(`Before.${note(p("First."))}`),
      table(p(`Fee${note(p("Second."))}`), table(p(`Inner${note(p("Third."))}`))),
      p(`After.${note(`${p("Fifth.")}${table(p(`Deep${note(p("Fourth."))}`), p("end"))}`)}`),
    ];
    expect(await written(body.join(""))).toEqual([
      "1 Before.[1]",
      "2 Fee[2] | Inner[3]",
      "3 After.[5]",
      "4 1. First.",
      "5 2. Second.",
      "6 3. Third.",
      "7 4. Fourth.",
      "8 5. Fifth.",
      "9 Deep[4] | end",
    ]);
  });

  test("has the numbers that a program shows, of items and of headings", async () => {
    const numbers = (name: string, ...levels: string[]) =>
      `<text:list-style style:name="${name}">${levels.map((level, i) => `<text:list-level-style-number text:level="${i + 1}" ${level}/>`).join("")}</text:list-style>`;
    const styles = [
      numbers(
        "L2",
        'style:num-format="1" style:num-prefix="(" style:num-suffix=")"',
        'style:num-format="a" style:num-suffix=")"',
        'style:num-format="i" style:num-suffix="." text:start-value="4"',
      ),
      '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1" style:num-prefix="§ "/><text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>',
      '<style:style style:name="Bare" style:list-style-name=""/>',
    ].join("");
    const item = (...content: string[]) => `<text:list-item>${content.join("")}</text:list-item>`;
    const list = (...items: string[]) => `<text:list>${items.join("")}</text:list>`;
    const h = (level: number, text: string, style = "") =>
      `<text:h text:outline-level="${level}" text:style-name="${style}">${text}</text:h>`;
    const body = [
      h(1, "Rent"),
      list(item(p("one"), list(item(p("part"), list(item(p("deep"))))))).replace(
        "<text:list>",
        '<text:list text:style-name="L2">',
      ),
      ...[h(1, "Term"), h(2, "Notice"), h(1, "Annex", "Bare"), h(2, "More")],
      `<text:list text:style-name="L2">${item(h(3, "In a list"))}</text:list>`,
    ];
    const content = odtContent(body.join("")).replace("</office:automatic-styles>", `${styles}$&`);
    expect(
      await writtenBlocks("a.odt", zipBytes([odtParts("")[0]!, { name: "content.xml", content }])),
    ).toEqual([
      "1 # § 1 Rent",
      "2 (1) one",
      "3   a) part",
      "4     iv. deep",
      "5 # § 2 Term",
      "6 ## 2.1 Notice",
      "7 # Annex",
      "8 ## 2.2 More",
      "9 ### (1) In a list",
    ]);
  });

  test("has numbers that go on after a paragraph between the items of a level, as LibreOffice stores them", async () => {
    const styles =
      '<text:list-style style:name="L2"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2"/><text:list-level-style-number text:level="3" style:num-format="a" style:num-suffix=")"/></text:list-style>';
    const list = (...items: string[]) =>
      `<text:list>${items.map((item) => `<text:list-item>${item}</text:list-item>`).join("")}</text:list>`;
    const top = (...items: string[]) => list(...items).replace(">", ' text:style-name="L2">');
    const goesOn = (...items: string[]) => top(...items).replace(">", ' text:continue-numbering="true">');
    const body = [
      top(`${p("Rent")}${list(p("Sum"), `${p("Day")}${list(p("first"))}`)}`),
      p("As agreed."),
      goesOn(list(list(p("second")), p("Late"))),
      goesOn(p("Term")),
      p("As before."),
      goesOn(list(p("Notice")), p("Keys")),
    ];
    const content = odtContent(body.join("")).replace("</office:automatic-styles>", `${styles}$&`);
    expect(
      await writtenBlocks("a.odt", zipBytes([odtParts("")[0]!, { name: "content.xml", content }])),
    ).toEqual([
      "1 1. Rent",
      "2   1.1 Sum",
      "3   1.2 Day",
      "4     a) first",
      "5 As agreed.",
      "6     b) second",
      "7   1.3 Late",
      "8 2. Term",
      "9 As before.",
      "10   2.1 Notice",
      "11 3. Keys",
    ]);
  });

  test("has what it says of other places, and no text that only asks for one", async () => {
    const reference = (kind: string, text: string) =>
      `<text:${kind} text:reference-format="number" text:ref-name="_Ref1">${text}</text:${kind}>`;
    const body = [
      p(
        `Under clause ${reference("bookmark-ref", "4.2")} and ${reference("reference-ref", "(a)")}, note ${reference("note-ref", "1")}, <text:bookmark-start text:name="b"/>due<text:bookmark-end text:name="b"/>.`,
      ),
      p(
        'By <loext:content-control loext:showing-place-holder="true">Click to enter text.</loext:content-control>hand<loext:content-control>, now</loext:content-control>.',
      ),
    ];
    expect(await written(body.join(""))).toEqual([
      "1 Under clause 4.2 and (a), note 1, due.",
      "2 By hand, now.",
    ]);
  });

  test("has nothing that is hidden, and the text of shapes", async () => {
    const styles =
      '<style:style style:name="Gone"><style:text-properties text:display="none"/></style:style><style:style style:name="Too" style:parent-style-name="Gone"/>';
    const body = [
      p('Seen<text:span text:style-name="Too"> HIDDEN</text:span>.'),
      '<text:p text:style-name="Gone">HIDDEN</text:p>',
      `<text:section text:display="none">${p("HIDDEN")}</text:section>`,
      p('<text:hidden-paragraph text:is-hidden="true"/>HIDDEN'),
      p(`Beside<draw:custom-shape>${p("a shape")}</draw:custom-shape>`),
    ];
    const content = odtContent(body.join("")).replace("</office:automatic-styles>", `${styles}$&`);
    expect(
      await writtenBlocks("a.odt", zipBytes([odtParts("")[0]!, { name: "content.xml", content }])),
    ).toEqual(["1 Seen.", "2 Beside", "3 a shape"]);
  });

  test("has its formulas, whose objects are formulas that are there, each once", async () => {
    const half = mathObject("<mi>x</mi><mo>=</mo><mfrac><mi>a</mi><mn>2</mn></mfrac>");
    const body = [
      p(`It is ${odtObject("Object 1")}, and ${odtObject("Object%202")}.`),
      odtObject("Object 3"),
      p(
        `Gone: ${odtObject("Missing")}${odtObject("Object 1")}${odtObject("")}${odtObject("../../engines")}.`,
      ),
    ].join("");
    const objects = { "Object 1": half, "Object 2": half.replace(">a<", ">b<"), "Object 3": half };
    expect(await writtenBlocks("a.odt", zipBytes(odtWithObjects(body, objects)))).toEqual([
      "1 It is x=a/2, and x=b/2.",
      "2 x=a/2",
      "3 Gone: .",
    ]);
    const others = { "Object 1": odtContent(body), "Object 2": "<math>" };
    const other = odtWithObjects(p(`Others ${odtObject("Object 1")}${odtObject("Object 2")}`), others);
    const { rows: found, details } = await read("a.odt", zipBytes(other));
    expect(found).toMatchObject([{ example: { completion: "Others" } }]);
    expect(details).toEqual({ unreadDrawings: 2 });
  });

  test("is as its own styles say, whatever those of the same names say of headers and footers", async () => {
    const [type, content] = odtParts('<text:p text:style-name="P1">Boats</text:p>');
    const styles = `<office:document-styles><office:automatic-styles><style:style style:name="P1"><style:text-properties text:display="none"/></style:style></office:automatic-styles></office:document-styles>`;
    const parts = [type!, { name: "styles.xml", content: styles }, content!];
    expect(await writtenBlocks("a.odt", zipBytes(parts))).toEqual(["1 # Boats"]);
  });
});

describe("An OpenDocument text is refused", () => {
  const reasonOf = async (...parts: { name: string; content: string }[]) =>
    (await refusal("a.odt", zipBytes(parts))).reason;
  const [type, content] = odtParts(p("Text.")) as [
    { name: string; content: string },
    { name: string; content: string },
  ];

  test("that is protected, truncated, or defines entities", async () => {
    const manifest = { name: "META-INF/manifest.xml", content: "<m><manifest:encryption-data/></m>" };
    expect(await reasonOf(type, content, manifest)).toMatch(/protected by a password/);
    expect(await reasonOf(type, { ...content, content: content.content.slice(0, -30) })).toMatch(/truncated/);
    const bomb = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${content.content.replace(/^<\?.*?\?>/, "")}`;
    expect(await reasonOf(type, { ...content, content: bomb })).toMatch(/entities of its own/);
  });

  test("that is a sheet, or has no text", async () => {
    const sheet = {
      name: "content.xml",
      content:
        "<office:document-content><office:body><office:spreadsheet/></office:body></office:document-content>",
    };
    expect(
      await reasonOf({ name: "mimetype", content: "application/vnd.oasis.opendocument.spreadsheet" }, sheet),
    ).toMatch(/sheet/);
    expect(await reasonOf(sheet)).toMatch(/sheet/);
    expect((await refusal("a.odt", odtBytes(p(" ")))).reason).toBe("it contains no text");
    expect((await refusal("a.odt", "Dear Sir")).reason).toBe(
      "its name is that of an OpenDocument text, but it is not one",
    );
  });
});
