import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { originalOf } from "../../../../main/services/runs/original-model.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

test("the original of a run's model, of its other depths and of its improvements is what the first run began with", () => {
  const folder = temporaryFolder();
  const [base, first, improved, lost] = ["base.gguf", "oak-23456", "ash-34567", "elm-45678"].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  writeFileSync(base, "");
  const plans: Record<string, string> = { "oak-23456": base, "ash-34567": first, "elm-45678": "/gone.gguf" };
  const runs = {
    outputs: () => [first, improved, lost].map((output) => ({ id: output.slice(folder.length + 1), output })),
    get: (id: string) => ({ plan: { model: { path: plans[id] } } }),
  } as unknown as Parameters<typeof originalOf>[0];
  for (const model of ["oak-23456", first, `${first}-round-3`, "ash-34567", improved])
    expect(originalOf(runs, model)).toBe(base);
  for (const model of [base, lost, "sample"]) expect(originalOf(runs, model)).toBe(null);
});
