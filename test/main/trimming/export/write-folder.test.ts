import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { failureOf } from "../../../../native-models/failure.ts";
import { isUnfinished } from "../../../../native-models/formats/atomic.ts";
import { writeFolderAtomic } from "../../../../main/trimming/export/write-folder.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

/** Writes a small model to `output`; returns the failure, null if it is there. */
async function written(output: string, weights = "weights") {
  const write = (partial: string) => {
    mkdirSync(join(partial, "onnx"));
    writeFileSync(join(partial, "onnx", "model.bin"), weights);
    writeFileSync(join(partial, "config.json"), "{}");
    return Promise.resolve();
  };
  const failure = await writeFolderAtomic(output, write).then(() => null, failureOf);
  expect(readdirSync(dirname(output)).filter(isUnfinished)).toEqual([]);
  return failure;
}

const weightsIn = (output: string) => readFileSync(join(output, "onnx", "model.bin"), "utf8");

test("a folder is written where there is none, or an empty one, or a link to an empty one", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "empty"));
  mkdirSync(join(folder, "target"));
  symlinkSync(join(folder, "target"), join(folder, "link"), "junction");
  for (const name of ["new", "below/new", "empty", "link"]) {
    expect(await written(join(folder, name))).toBe(null);
    expect(weightsIn(join(folder, name))).toBe("weights");
  }
});

test("what a killed program had written to its end stays, since another program may have it open", async () => {
  const output = join(temporaryFolder(), "model");
  expect(await written(output)).toBe(null);
  const { ino } = statSync(join(output, "config.json"));
  expect(await written(output)).toBe(null);
  expect(statSync(join(output, "config.json")).ino).toBe(ino);
  expect(readdirSync(output).sort()).toEqual(["config.json", "onnx"]);
});

test("a person's own files are never replaced, nor is another model", async () => {
  const folder = temporaryFolder();
  const [own, model, file] = ["own", "model", "file"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(own);
  writeFileSync(join(own, "letter.txt"), "Dear Mr Weber");
  writeFileSync(file, "Dear Mrs Weber");
  expect(await written(model)).toBe(null);
  for (const output of [own, file, model])
    expect(await written(output, "another")).toEqual({
      code: "bad-choice",
      why: { code: "folder-not-empty", folder: output },
    });
  expect(await written(own, "weights")).toMatchObject({ code: "bad-choice" });
  expect(readFileSync(join(own, "letter.txt"), "utf8")).toBe("Dear Mr Weber");
  expect(readFileSync(file, "utf8")).toBe("Dear Mrs Weber");
  expect(weightsIn(model)).toBe("weights");
  writeFileSync(join(model, "notes.txt"), "beside the weights");
  expect(await written(model)).toMatchObject({ code: "bad-choice" });
  expect(readdirSync(model).sort()).toEqual(["config.json", "notes.txt", "onnx"]);
});

test("a person's folder with the name of the target and .partial stays, whether or not the target can be written", async () => {
  const folder = temporaryFolder();
  const output = join(folder, "model");
  mkdirSync(`${output}.partial`);
  writeFileSync(join(`${output}.partial`, "letter.txt"), "Dear Mr Weber");
  await expect(writeFolderAtomic(output, () => Promise.reject(new Error("it failed")))).rejects.toThrow();
  expect(await written(output)).toBe(null);
  expect(readdirSync(folder).sort()).toEqual(["model", "model.partial"]);
  expect(readdirSync(`${output}.partial`)).toEqual(["letter.txt"]);
});

test("what has the name that is to be written first stays, too", async () => {
  const folder = temporaryFolder();
  const [output, partial] = [join(folder, "model"), join(folder, ".model.unfinished")];
  mkdirSync(partial);
  const writing = writeFolderAtomic(output, () => Promise.resolve(), partial);
  await expect(writing).rejects.toMatchObject({ failure: { code: expect.any(String) as string } });
  expect(readdirSync(folder)).toEqual([".model.unfinished"]);
});

test("two programs that write to one target do not disturb each other: the first to finish has it", async () => {
  const folder = temporaryFolder();
  const output = join(folder, "model");
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const write = (name: string) =>
    writeFolderAtomic(output, async (partial) => {
      writeFileSync(join(partial, "begun"), name);
      await opened;
      writeFileSync(join(partial, "ended"), name);
    }).then(() => name, failureOf);
  const both = ["one", "other"].map(write);
  open();
  const ends = await Promise.all(both);
  const [name] = ends.filter((end) => typeof end === "string");
  expect(ends).toContainEqual(
    expect.objectContaining({ code: expect.stringMatching(/^(bad-choice|unwritable)$/) as string }),
  );
  for (const file of ["begun", "ended"]) expect(readFileSync(join(output, file), "utf8")).toBe(name);
  expect(readdirSync(folder)).toEqual(["model"]);
});
