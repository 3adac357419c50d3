import { describe, expect, test } from "vitest";
import { compoundBytes, unicode } from "../compound-bytes.ts";
import {
  body,
  KIND,
  listedText,
  numberings,
  PLACEHOLDER,
  pptBytes,
  pptGroup,
  pptRecord,
  pptShape,
  pptStreams,
  slideText,
  tagged,
  textStyle,
  title,
} from "./ppt-bytes.ts";
import type { PptForm, PptSlide } from "./ppt-bytes.ts";
import { read, refusal, writtenBlocks } from "../read.ts";
import { u32 } from "../sheets/xls-bytes.ts";

const written = (slides: readonly PptSlide[], form?: PptForm) =>
  writtenBlocks("a.ppt", pptBytes(slides, form));
const textbox = (text: string, more?: readonly Buffer[]) => pptShape([slideText(KIND.other, text, more)]);

describe("A presentation of PowerPoint 97 to 2003 is read", () => {
  test("with a text of the list of slides once, even if two shapes name it", async () => {
    const named = pptShape([listedText(0)]);
    const slides = [{ shapes: [named, named], texts: [slideText(KIND.other, "Once.")] }];
    expect(await written(slides)).toEqual(["1 Once."]);
  });

  test("slide by slide, its titles first and its notes last", async () => {
    const slides: PptSlide[] = [
      {
        shapes: [body("Süd: 3,50 €\rNord № 4"), title("Gebühren\vfür Boote")],
        notes: [
          pptShape([slideText(KIND.notes, "Über die Preise\rsprechen.")], { placeholder: PLACEHOLDER.notes }),
          pptShape([slideText(KIND.other, "1")], { placeholder: PLACEHOLDER.number }),
        ],
      },
      { shapes: [] },
      { shapes: [pptShape([slideText(KIND.subtitle, "Ende")], { placeholder: PLACEHOLDER.body })] },
    ];
    const TOLD = [
      "1 # Gebühren für Boote",
      "1 - Süd: 3,50 €",
      "1 - Nord № 4",
      "1 Über die Preise",
      "1 sprechen.",
      "3 Ende",
    ];
    expect(await written(slides)).toEqual(TOLD);
    expect(await read("a.bin", pptBytes(slides))).toMatchObject({
      format: "ppt",
      details: { slides: 3, emptySlides: 1 },
    });
    const streams = pptStreams(slides);
    const dual = {
      "PP97_DUALSTORAGE/PowerPoint Document": streams["PowerPoint Document"]!,
      PP40: Buffer.alloc(9),
    };
    expect(await writtenBlocks("a.ppt", compoundBytes(dual))).toEqual(TOLD);
  });

  test("with the texts that its shapes take from the list of slides", async () => {
    const texts = [slideText(KIND.title, "Ablauf"), slideText(KIND.body, "Melden")];
    const shapes = [
      pptShape([listedText(1)], { placeholder: PLACEHOLDER.body }),
      pptShape([listedText(0)], { placeholder: PLACEHOLDER.title }),
      pptShape([listedText(9)], { placeholder: PLACEHOLDER.body }),
    ];
    expect(await written([{ shapes, texts }])).toEqual(["1 # Ablauf", "1 - Melden"]);
  });

  test("with the marks and levels of its lists", async () => {
    const style = textStyle([
      { characters: 4 },
      { characters: 4, level: 1, hasMark: true },
      { characters: 5, hasMark: false },
    ]);
    const inBox = textStyle([{ characters: 4, hasMark: true }, { characters: 4 }]);
    expect(
      await written([{ shapes: [body("one\rtwo\rthree", [style]), textbox("box\rend", [inBox])] }]),
    ).toEqual(["1 - one", "1   - two", "1 three", "1 - box", "1 end"]);
  });

  test("with the numbers of its lists, which its shapes or the document keep", async () => {
    const style = textStyle(
      [
        { characters: 8, hasMark: true },
        { characters: 11, level: 1, hasMark: true },
        { characters: 5, hasMark: true },
      ],
      [
        { characters: 8, numbering: 1 },
        { characters: 11, numbering: 2 },
        { characters: 5, numbering: 0 },
      ],
    );
    const text = slideText(KIND.body, "one\rtwo\rthree\rfour\rfive", [style]);
    const all = numberings(null, [3, 4], [9, 1]);
    const inDocument = pptRecord(0xfae, [pptRecord(0xfaf, [u32(256, KIND.body)]), all]);
    const TOLD = ["1 4. one", "1 5. two", "1   a) three", "1   b) four", "1 - five"];
    expect(await written([{ shapes: [pptShape([text], { tags: tagged(all) })] }])).toEqual(TOLD);
    expect(
      await written([{ shapes: [pptShape([listedText(0)])], texts: [text] }], {
        information: tagged(inDocument),
      }),
    ).toEqual(TOLD);
  });

  test("with its tables, whose cells are shapes", async () => {
    const cell = (text: string, place: readonly [number, number, number, number]) =>
      pptShape([slideText(KIND.other, text)], { place });
    const table = pptGroup(
      [
        cell("Süd", [0, 100, 200, 200]),
        cell("3,50", [200, 101, 400, 200]),
        cell("20", [401, 100, 600, 200]),
        cell("Nord", [0, 200, 200, 300]),
        cell("geschlossen", [200, 200, 600, 300]),
        cell("Zone", [0, 0, 200, 100]),
        cell("Tag", [200, 0, 400, 100]),
        cell("Woche", [400, 0, 600, 100]),
        pptShape([], { kind: 20, place: [0, 50, 600, 50] }),
      ],
      { isTable: true },
    );
    expect(await written([{ shapes: [table, textbox("after")] }])).toEqual([
      "1 Zone | Tag | Woche",
      "1 Süd | 3,50 | 20",
      "1 Nord | geschlossen",
      "1 after",
    ]);
  });

  test("with shapes in groups and WordArt, without what is hidden, deleted or on each slide", async () => {
    const hidden = { 0x3bf: 0x20002 };
    const shapes = [
      pptGroup([pptGroup([textbox("in groups")])]),
      pptShape([], { properties: { 0x80: 3, 0xc0: unicode("Word Art\0"), 0xc5: unicode("Arial\0") } }),
      pptShape([slideText(KIND.other, "hidden")], { properties: hidden }),
      pptGroup([textbox("hidden")], { properties: hidden }),
      pptShape([slideText(KIND.other, "deleted")], { flags: 8 }),
      ...[PLACEHOLDER.date, PLACEHOLDER.number, PLACEHOLDER.footer].flatMap((placeholder) => [
        pptShape([slideText(KIND.other, "footer")], { placeholder }),
        pptShape([slideText(KIND.other, "footer")], { newerPlaceholder: placeholder }),
      ]),
      textbox("Page * of 9", [pptRecord(0xfd8, [u32(5)])]),
      pptShape([slideText(KIND.title, "like a title")]),
    ];
    expect(await written([{ shapes }])).toEqual([
      "1 in groups",
      "1 Word Art",
      "1 Page of 9",
      "1 like a title",
    ]);
  });

  test("as it was saved last", async () => {
    const before = [{ shapes: [title("old")] }, { shapes: [title("gone")] }];
    expect(await written([{ shapes: [title("new")] }], { before })).toEqual(["1 # new"]);
    const { "PowerPoint Document": document } = pptStreams([{ shapes: [title("new")] }], { before });
    const withoutUser = compoundBytes({ "PowerPoint Document": document! });
    expect(await writtenBlocks("a.ppt", withoutUser)).toEqual(["1 # new"]);
  });
});

describe("A presentation is refused", () => {
  const slides = [{ shapes: [title("text")] }];
  const { "PowerPoint Document": document } = pptStreams(slides);
  test.each([
    ["that is protected", pptBytes(slides, { isProtected: true }), /protected by a password/],
    [
      "of PowerPoint 4",
      compoundBytes({ PP40: Buffer.alloc(100) }),
      /PowerPoint 95 or older; open it in LibreOffice/,
    ],
    [
      "of PowerPoint 95",
      compoundBytes({
        "PowerPoint Document": Buffer.alloc(100),
        "PersistentStorage Directory": Buffer.alloc(9),
      }),
      /PowerPoint 95 or older/,
    ],
    ["without text", pptBytes([{ shapes: [] }]), /no text/],
    ["without an edit", compoundBytes({ "PowerPoint Document": document!.subarray(0, 200) }), /damaged/],
    [
      "that is something else",
      Buffer.from("Only a text.\n"),
      /name is that of a presentation, but it is not one/,
    ],
  ])("%s", async (_, bytes, reason) => {
    expect((await refusal("a.ppt", bytes)).reason).toMatch(reason);
  });
});
