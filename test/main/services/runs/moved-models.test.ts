import { cpSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { takeNamed, takePlace } from "../../../../main/services/runs/moved-models.ts";
import { prepareResume } from "../../../../main/services/runs/trimming.ts";
import { queueForTest } from "./queued-run.ts";

/** A run whose model was renamed, and what continues it. */
async function movedRun() {
  const { services, reading, prepare } = await queueForTest();
  const id = await prepare();
  const from = services.runs.get(id).plan.model.path;
  const to = `${from} 2`;
  const { id: conversation } = services.conversations.create({ title: "a", model: from, sampling: {} });
  renameSync(from, to);
  return {
    services,
    reading,
    id,
    from,
    to,
    conversation,
    resume: () => prepareResume(services, reading, id),
  };
}

test("A run whose model was moved continues when the model was opened at its new place", async () => {
  const { services, reading, from, to, conversation, resume } = await movedRun();
  await expect(resume()).rejects.toMatchObject({ failure: { code: "model-missing", path: from } });
  await takePlace(services, reading, await reading.inspect(to));
  expect((await resume()).plan.model.path).toBe(to);
  expect(services.models.list().map(({ path }) => path)).toEqual([to]);
  expect(services.conversations.get(conversation).model).toBe(to);
});

test("A model that is known at its new place is found there", async () => {
  const { services, reading, to, resume } = await movedRun();
  const { format, sizeBytes } = await reading.inspect(to);
  const entry = { path: to, name: "tiny", format, architecture: "llama", summary: {}, sizeBytes };
  services.models.remember({ ...entry, sha256: null });
  expect((await resume()).plan.model.path).toBe(to);
});

test("Another model of the same size does not take its place", async () => {
  const { services, reading, id, from, to } = await movedRun();
  const other = `${to} 3`;
  cpSync(to, other, { recursive: true });
  const weights = join(other, "model.safetensors");
  const bytes = readFileSync(weights);
  bytes.writeFloatLE(0.5, bytes.length - 4);
  writeFileSync(weights, bytes);
  await expect(takeNamed(services, reading, id, other)).rejects.toMatchObject({
    failure: { code: "bad-choice", why: { code: "other-model", path: other } },
  });
  expect(services.runs.get(id).plan.model.path).toBe(from);
});
