/** A model as a folder takes its licence along. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { exportModel } from "../../../../main/engine/recipes/export.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const sample = fileURLToPath(new URL("../../../../native-models/sample/model", import.meta.url));
const licence = readFileSync(new URL("../../../../LICENSE", import.meta.url), "utf8");

test("an export has the text and name of its base model's licence", async () => {
  const model = await openModel(sample);
  const output = join(temporaryFolder(), "export");
  await exportModel(model, model.tokenizer, output);
  model.close();
  expect(readFileSync(join(output, "LICENSE"), "utf8")).toBe(licence);
  const again = await openModel(output);
  expect(again.licence).toBe("apache-2.0");
  again.close();
  expect(existsSync(`${output}.partial`)).toBe(false);
});

describe("an export does not follow links", () => {
  /** A copy of the sample with a link to a secret in the place of one of its files. */
  function withLink(name: string): { model: string; secret: string } {
    const folder = temporaryFolder();
    const [model, secret] = [join(folder, "model"), join(folder, "secret")];
    cpSync(sample, model, { recursive: true });
    writeFileSync(secret, '{"secret": "of this computer"}');
    rmSync(join(model, name), { force: true });
    symlinkSync(secret, join(model, name));
    return { model, secret };
  }

  test.each(["config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"])(
    "a %s that is a link to a file elsewhere is refused",
    async (name) => {
      const { model } = withLink(name);
      await expect(openModel(model)).rejects.toMatchObject({
        failure: { code: "corrupt-file", path: join(model, name), reason: expect.stringContaining("link") },
      });
    },
  );

  test("a licence that is a link to a file elsewhere is not copied", async () => {
    const { model } = withLink("LICENSE");
    const opened = await openModel(model);
    const output = join(temporaryFolder(), "export");
    await exportModel(opened, opened.tokenizer, output);
    opened.close();
    expect(existsSync(join(output, "LICENSE"))).toBe(false);
  });

  test("links within a Hugging Face cache are followed", async () => {
    const folder = temporaryFolder();
    const [blobs, snapshot] = [join(folder, "blobs"), join(folder, "snapshots", "abc")];
    cpSync(sample, blobs, { recursive: true });
    mkdirSync(snapshot, { recursive: true });
    for (const name of readdirSync(blobs)) symlinkSync(join("..", "..", "blobs", name), join(snapshot, name));
    const opened = await openModel(snapshot);
    expect(opened.parameters).toBeGreaterThan(0);
    opened.close();
  });

  test.each(["export", "export.partial"])("nothing is written behind a link named %s", async (name) => {
    const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(elsewhere, "kept"), "kept");
    symlinkSync(elsewhere, join(folder, name));
    const opened = await openModel(sample);
    await exportModel(opened, opened.tokenizer, join(folder, "export"));
    opened.close();
    expect(readdirSync(elsewhere)).toEqual(["kept"]);
    expect(readdirSync(folder)).toEqual(["export"]);
  });
});
