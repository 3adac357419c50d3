import { saying } from "../../../saying.ts";
import { chmodSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readDocuments } from "../../../../main/documents/read-document.ts";
import { findSources } from "../../../../main/documents/files/split-sources.ts";
import { failureOf, scratch } from "../scratch.ts";
import { zipBytes } from "./zip-bytes.ts";

const folder = (...names: string[]) => scratch(Object.fromEntries(names.map((name) => [name, "x"])))();
const found = (named: Parameters<typeof findSources>[0]) =>
  Object.fromEntries(
    Object.entries(findSources(named)).map(([split, paths]) => [
      split,
      paths.map((found) => basename(typeof found === "string" ? found : found.path)),
    ]),
  );

describe("A folder's files", () => {
  test("are recognised by their name prefixes, a _mc file before its plain counterpart", () => {
    const names = [
      "train.jsonl",
      "valid.jsonl",
      "valid_mc.jsonl",
      "test_sft.jsonl",
      "test.jsonl",
      "off-domain.jsonl",
    ];
    expect(found({ data: [folder(...names, "SOURCE.md", "LICENSE", ".hidden.jsonl")] })).toEqual({
      train: ["train.jsonl"],
      valid: ["valid_mc.jsonl", "valid.jsonl"],
      test: ["test.jsonl", "test_sft.jsonl"],
      offDomain: ["off-domain.jsonl"],
      leftOut: ["LICENSE", "SOURCE.md"],
    });
  });

  test("do not include the folder that a browser saves beside a page", () => {
    const parts = [
      "Offer_files/ad.html",
      "Offer_files/data.json",
      "Offer_files/x.js",
      "Angebot-Dateien/ad.htm",
    ];
    const names = ["Offer.html", "in/Angebot.htm", "Angebot.html", "more_files/rates.html"];
    expect(found({ data: [folder(...names, ...parts)] })).toMatchObject({
      train: ["Angebot.html", "Offer.html", "Angebot.htm", "rates.html"],
      leftOut: ["Angebot-Dateien", "Offer_files"],
    });
  });

  test("must begin with the whole word: testimony is not test", () => {
    const names = [
      "train-00001.jsonl",
      "train2.md",
      "validation.jsonl",
      "Test.txt",
      "testimony.txt",
      "validity.md",
      "Trainingsplan.md",
      "Testübersicht.md",
    ];
    const sources = found({ data: [folder(...names)] });
    expect(sources).toMatchObject({
      train: ["train-00001.jsonl", "train2.md"],
      valid: ["validation.jsonl"],
      test: ["Test.txt"],
    });
    expect(sources["leftOut"]).toEqual([
      "Testübersicht.md",
      "Trainingsplan.md",
      "testimony.txt",
      "validity.md",
    ]);
  });

  test("are all train if none is named so, except for files about the folder itself", () => {
    const names = [
      "contract.md",
      "b.txt",
      "test.jsonl",
      "README.md",
      "LICENSE.txt",
      "scan.pdf",
      "photo.jpg",
      "notes/inner.md",
    ];
    expect(found({ data: [folder(...names)] })).toMatchObject({
      train: ["b.txt", "contract.md", "scan.pdf", "inner.md"],
      test: ["test.jsonl"],
      leftOut: ["LICENSE.txt", "README.md", "photo.jpg"],
    });
  });

  test("may have the names that people give the parts, in German and English", () => {
    const names = [
      "Training.csv",
      "Validierung.csv",
      "dev.csv",
      "Test Daten.csv",
      "val (1).csv",
      "Notiz.txt",
    ];
    expect(found({ data: [folder(...names)] })).toMatchObject({
      train: ["Training.csv"],
      valid: ["Validierung.csv", "dev.csv", "val (1).csv"],
      test: ["Test Daten.csv"],
      leftOut: ["Notiz.txt"],
    });
  });

  test("are documents if the name goes on, and in a folder whose name is more than a part's", () => {
    const names = [
      "Training Brandschutz.txt",
      "Test- und Laborbefunde.txt",
      "Dev Kosten.txt",
      "Test- und Laborbefunde/Blutbild.txt",
      "Training 2024/Hygiene.txt",
      "Test/Brief.txt",
    ];
    expect(found({ data: [folder(...names)] })).toEqual({
      train: [
        "Dev Kosten.txt",
        "Test- und Laborbefunde.txt",
        "Training Brandschutz.txt",
        "Blutbild.txt",
        "Hygiene.txt",
      ],
      valid: [],
      test: ["Brief.txt"],
      offDomain: [],
      leftOut: [],
    });
  });

  test("that Word or LibreOffice puts beside an open document are not read", () => {
    const names = [
      "Befund.docx",
      "~$Befund.docx",
      "Akten/~$Akte.odt",
      ".~lock.Befund.docx#",
      "Akten/Akte.odt",
    ];
    expect(found({ data: [folder(...names)] })).toMatchObject({
      train: ["Befund.docx", "Akte.odt"],
      leftOut: ["~$Befund.docx", "~$Akte.odt"],
    });
  });

  test.skipIf(process.platform === "win32")(
    "are read even if one is a link that leads nowhere, which a person can leave out",
    async () => {
      const at = folder("lease.txt");
      const [missing, circle] = [join(at, "missing.pdf"), join(at, "circle")];
      symlinkSync("/nowhere/missing.pdf", missing);
      symlinkSync("circle", circle);
      expect(findSources({ data: [at] })).toMatchObject({
        train: [join(at, "lease.txt"), missing],
        leftOut: [{ path: circle, why: "other-file" }],
      });
      expect(await failureOf(() => readDocuments([missing]))).toMatchObject({
        code: "unreadable",
        reason: "link-to-nothing",
      });
      expect(found({ data: [at], excluded: [missing] })).toMatchObject({ train: ["lease.txt"] });
    },
  );

  test.runIf(process.platform === "linux")("may have names that are not in UTF-8", async () => {
    const at = folder("lease.txt");
    writeFileSync(Buffer.concat([Buffer.from(`${at}/M`), Buffer.from([0xfc]), Buffer.from("ller.txt")]), "x");
    const [broken] = findSources({ data: [at] }).train;
    expect(await failureOf(() => readDocuments([broken!]))).toMatchObject({
      code: "unreadable",
      reason: "name-not-utf-8",
    });
    expect(found({ data: [at], excluded: [broken!] })).toMatchObject({ train: ["lease.txt"] });
  });

  test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "do not include a folder that this account may not read, which is named",
    () => {
      const at = folder("lease.txt", "lost+found/x.txt");
      chmodSync(join(at, "lost+found"), 0);
      onTestFinished(() => chmodSync(join(at, "lost+found"), 0o700));
      expect(findSources({ data: [at] })).toMatchObject({
        train: [join(at, "lease.txt")],
        leftOut: [{ path: join(at, "lost+found"), why: "unreadable" }],
      });
    },
  );

  test("of a split that no reader supports are an error, not ignored", async () => {
    const failure = await failureOf(() => findSources({ data: [folder("train.key", "a.txt")] }));
    expect(failure).toMatchObject({ code: "unsupported-format" });
  });

  test("that contain no documents are an error", async () => {
    for (const names of [[], ["photo.jpg"], ["README.md"]]) {
      const failure = await failureOf(() => findSources({ data: [folder(...names)] }));
      expect(failure).toMatchObject({
        code: "bad-data",
        reason: saying(".jsonl, .json, .csv, .parquet, .txt, .md"),
      });
    }
  });
});

describe("Named files", () => {
  test("given as data are train, whatever their names", () => {
    const at = scratch({ "test.jsonl": "x", "b.txt": "x" });
    expect(found({ data: [at("test.jsonl"), at("b.txt")] })).toMatchObject({
      train: ["test.jsonl", "b.txt"],
      test: [],
    });
  });

  test("are read once, also if their folder was named, too", () => {
    const at = folder("a.txt", "b/c.txt", "LICENSE", "b/LICENSE");
    expect(found({ data: [join(at, "b", "c.txt"), at, join(at, "b")] })).toMatchObject({
      train: ["c.txt", "a.txt"],
      leftOut: ["LICENSE", "LICENSE"],
    });
  });

  test("replace a folder's files for that split", () => {
    const at = scratch({ "train.jsonl": "x", "test.jsonl": "x", "other/held-out.jsonl": "x" });
    expect(found({ data: [at()], test: [at("other/held-out.jsonl")] })).toMatchObject({
      test: ["held-out.jsonl"],
    });
  });

  test("may be a folder of another domain, whose test files are the off-domain set", () => {
    const [own, other] = [folder("train.jsonl"), folder("train.jsonl", "test.jsonl")];
    expect(found({ data: [own], offDomain: [other] })).toMatchObject({ offDomain: ["test.jsonl"] });
  });

  test("may not be a folder without files for the split", async () => {
    const [own, other] = [folder("train.jsonl"), folder("train.jsonl")];
    const asTest = await failureOf(() => findSources({ data: [own], test: [other] }));
    expect(asTest).toMatchObject({
      code: "bad-data",
      path: other,
      reason: saying("begins with test"),
    });
    const asOther = await failureOf(() => findSources({ data: [own], offDomain: [other] }));
    expect(asOther).toMatchObject({ reason: saying("begins with off-domain or test") });
  });

  test("must exist", async () => {
    const missing = scratch()("none.jsonl");
    expect(await failureOf(() => findSources({ data: [missing] }))).toMatchObject({
      code: "not-found",
      path: missing,
    });
  });
});

describe("Files that a person leaves out", () => {
  test("are not read from folders, whatever split they are for, and are reported as left out", () => {
    const own = folder("train.jsonl", "train-2.jsonl", "test.jsonl", "test-2.jsonl");
    const other = folder("valid.jsonl", "valid-2.jsonl");
    const excluded = [join(own, "train-2.jsonl"), join(own, "test.jsonl"), join(other, "valid.jsonl")];
    expect(found({ data: [own], valid: [other], excluded })).toMatchObject({
      train: ["train.jsonl"],
      valid: ["valid-2.jsonl"],
      test: ["test-2.jsonl"],
    });
    const { leftOut } = findSources({ data: [own], excluded });
    expect(leftOut).toContainEqual({ path: join(own, "test.jsonl"), why: "excluded" });
  });

  test("may be whole folders, also of an archive", () => {
    const at = scratch({
      "in/a.txt": "x",
      "in/own/b.txt": "x",
      "in/own/more/c.txt": "x",
      "in/ownership/d.txt": "x",
      "in/e.zip": zipBytes(["f.txt", "own/g.txt", "own/more/h.txt"].map((name) => ({ name, content: "x" }))),
    });
    const excluded = [at("in/own"), at("in/e.zip › own")];
    const { train, leftOut } = findSources({ data: [at("in")], excluded });
    expect(train.map((path) => basename(path))).toEqual(["a.txt", "e.zip › f.txt", "d.txt"]);
    expect(leftOut).toEqual(excluded.reverse().map((path) => ({ path, why: "excluded" })));
  });

  test("may be an archive that cannot be unpacked; another folder's file of that name is read", () => {
    const own = folder("a.txt", "damaged.zip");
    expect(() => findSources({ data: [own] })).toThrow();
    expect(found({ data: [own], excluded: [join(own, "damaged.zip")] })).toMatchObject({ train: ["a.txt"] });
    expect(found({ data: [own], excluded: ["/elsewhere/a.txt", join(own, "damaged.zip")] })).toMatchObject({
      train: ["a.txt"],
    });
  });

  test("cannot be all there are", async () => {
    const own = folder("a.txt");
    const failure = await failureOf(() => findSources({ data: [own], excluded: [join(own, "a.txt")] }));
    expect(failure).toMatchObject({ code: "bad-data", path: own });
  });
});
