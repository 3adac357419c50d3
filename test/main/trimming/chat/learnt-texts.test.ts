import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeSplit } from "../../../../main/documents/stored/split-files.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { learntTexts } from "../../../../main/trimming/chat/learnt-texts.ts";
import { withModel } from "../../../../native-models/open-model.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

test("what a model was trained on can be looked up; a data set that is gone or damaged is none", async () => {
  const folder = temporaryFolder();
  const completion = " The tenant pays for the repair of the roof.";
  await writeSplit(folder, "train", { examples: [{ prompt: "Who pays?", completion }], questions: [] });
  await withModel(sample.model, async ({ tokenizer }) => {
    const ids = tokenizer.encode(completion);
    const filled = learntTexts(folder, tokenizer, () => false);
    await expect.poll(() => filled.length).toBe(ids.length);
    expect(filled.draft(ids.slice(0, 3), 4)!.ids).toEqual(ids.slice(3, 7));
    writeFileSync(join(folder, "train.json"), "{");
    const others = [
      learntTexts(folder, tokenizer, () => false),
      learntTexts("/nowhere", tokenizer, () => false),
    ];
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const { length } of others) expect(length).toBe(0);
  });
});
