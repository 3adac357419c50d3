import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sample } from "../../../main/services/models/sample.ts";
import type { Config } from "../../../native-models/architectures/architecture.ts";
import { openModel } from "../../../native-models/open-model.ts";
import type { OpenModel } from "../../../native-models/open-model.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { writeSampleGguf } from "./sample-gguf.ts";

test("a model is the same as a GGUF file and as a folder: weights, tokenizer and chat template", async () => {
  const path = join(temporaryFolder(), "sample.gguf");
  await writeSampleGguf(path);
  const [folder, file] = [await openModel(sample.model), await openModel(path)] as [OpenModel, OpenModel];
  onTestFinished(() => [folder, file].forEach((model) => model.close()));
  const described = ({ json: _, ...config }: Config) => JSON.stringify(config); // functions left out
  expect(described(file.config)).toBe(described(folder.config));
  expect([...file.names].sort()).toEqual([...folder.names].sort());
  for (const name of folder.names)
    expect(file.weight(name).readFloat32(), name).toEqual(folder.weight(name).readFloat32());
  const said = "<|user|>Who pays €12.50 for Émile's 3 tables?\n<|assistant|>Answer: Bodo<|endoftext|>";
  for (const special of [true, false])
    expect(file.tokenizer.encode(said, { special })).toEqual(folder.tokenizer.encode(said, { special }));
  const { chatTemplate, eosIds, addsBos, specialTokens } = folder.tokenizer;
  expect(file.tokenizer).toMatchObject({ chatTemplate, eosIds, addsBos, specialTokens });
});
