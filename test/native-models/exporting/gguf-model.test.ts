/** Models as GGUF files, read back: of each family, of both kinds of tokenizers. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exportModel } from "../../../main/engine/recipes/export.ts";
import { writeGgufModel } from "../../../native-models/exporting/gguf-model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { families } from "../architectures/families.ts";
import { ggufFile, readGguf } from "../architectures/golden-gguf.ts";

const about = { name: "test", licence: "mit" };

describe.each(families.flatMap(({ gguf }) => gguf))("%s", (name) => {
  test("comes back as it was, from a GGUF file and from a folder", async () => {
    const folder = temporaryFolder();
    const source = join(folder, "source.gguf");
    writeFileSync(source, ggufFile(readGguf(name)));
    const first = await openModel(source);
    await exportModel(first, first.tokenizer, join(folder, "folder"));
    for (const path of [source, join(folder, "folder")]) {
      const model = await openModel(path);
      const file = join(folder, "written.gguf");
      await writeGgufModel(file, model, model.tokenizer, { mix: "F16", ...about });
      const written = await openModel(file);
      expect(written.config.blocks.map(({ name: kind }) => kind)).toEqual(
        first.config.blocks.map(({ name: kind }) => kind),
      );
      expect([written.licence, written.fileType]).toEqual(["mit", "F16"]);
      for (const weight of model.names) {
        const [a, b] = [model.weight(weight), written.weight(weight)].map((one) => one.readFloat32());
        const worst = a!.reduce((most, value, i) => Math.max(most, Math.abs(value - b![i]!)), 0);
        expect(worst, weight).toBeLessThan(2e-3);
      }
      const text = "Two cats, 12 dogs\n and a tree 🌳 don't";
      const ids = [first, model, written].map(({ tokenizer }) => tokenizer.encode(text, { addBos: true }));
      expect(ids[1]).toEqual(ids[0]);
      expect(ids[2]).toEqual(ids[0]);
      expect(written.tokenizer.eosIds).toEqual(model.tokenizer.eosIds);
      expect(written.tokenizer.addsBos).toBe(model.tokenizer.addsBos);
      written.close();
      model.close();
    }
    first.close();
  });
});

test("a cut by half blocks is refused by the name of the program", async () => {
  const folder = temporaryFolder();
  const source = join(folder, "source.gguf");
  writeFileSync(source, ggufFile(readGguf("llama")));
  const model = await openModel(source);
  const half = { ...model, sections: model.sections.map(() => "mlp" as const) };
  const writing = writeGgufModel(join(folder, "x.gguf"), half, model.tokenizer, { mix: "F16", ...about });
  await expect(writing).rejects.toMatchObject({ failure: { code: "not-expressible", program: "llama.cpp" } });
  model.close();
});
