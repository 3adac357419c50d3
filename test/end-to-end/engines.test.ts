/** The engines, asked over the bridge as the screens do: wherever the application is installed, they and the sample are found. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Result } from "../../preload/contract/call.ts";
import type { WindowBridge } from "../../preload/contract/contract.ts";
import { openCoppice } from "./coppice.ts";

interface Crossing {
  readonly bridge: WindowBridge;
}

/** What `ask` answers in the page; fails the test with the failure that came instead. */
async function asked<Input, Value>(
  page: Page,
  ask: (crossing: Crossing, input: Input) => Promise<Result<Value>>,
  input: Input,
): Promise<Value> {
  const result = (await page.evaluate(
    `(${ask.toString()})({ bridge: window.coppice }, ${JSON.stringify(input)})`,
  )) as Result<Value>;
  expect(result).toEqual({ ok: true, value: expect.anything() });
  if (!result.ok) throw new Error(result.failure.code);
  return result.value;
}

test("the reader reads the sample, the trainer takes a few steps on it, and the chat engine loads it", async () => {
  const { page } = await openCoppice();
  const model = "sample";
  const inspected = await asked(page, ({ bridge }, path) => bridge.models.inspect({ path }), model);
  expect(inspected.report.layers).toBeGreaterThan(1);
  expect(inspected.fit.trains).toBe(true);

  const { path } = await asked(page, ({ bridge }) => bridge.data.sample(undefined), undefined);
  const sources = { data: [path] };
  const read = await asked(page, ({ bridge }, question) => bridge.data.read(question, () => {}).done, {
    sources,
    model: inspected.report.path,
    seed: 1,
  });
  expect(read.report.splits.train?.examples).toBeGreaterThan(0);

  const planned = { model: inspected.report, dataset: read.folder, patch: {} };
  const probe = await asked(
    page,
    ({ bridge }, question) => bridge.wizard.probe(question, () => {}).done,
    planned,
  );
  expect(probe.training).toBeDefined();
  expect(probe.chat[0].tokensPerSecond).toBeGreaterThan(0);

  const loaded = await asked(page, ({ bridge }, name) => bridge.conversations.load({ model: name }), model);
  expect(loaded.layers).toBe(inspected.report.layers);
});
