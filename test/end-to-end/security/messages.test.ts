/**
 * Every channel of the contract, asked by whom it should not answer and with what it should not take. `COPPICE_PAYLOADS` is how
 * many bad inputs each channel gets; docs/reliability.md has the figure of 1,000.
 */
import { join } from "node:path";
import type { ElectronApplication, Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import type { z } from "zod";
import { channelOf } from "../../../preload/contract/call.ts";
import type { Entry, Result } from "../../../preload/contract/call.ts";
import { contract } from "../../../preload/contract/contract.ts";
import { openCoppice } from "../coppice.ts";
import { badPayloads, sourceOf, tooLarge } from "./bad-payloads.ts";
import { electronOnly } from "../electron-only.ts";

beforeEach(() => electronOnly("Electron enforces what a page may not do"));

const perChannel = Number(process.env["COPPICE_PAYLOADS"] ?? 50);
const seed = Number(process.env["COPPICE_SEED"] ?? Date.now() % 1e9);
/** More than this much memory of main's, for good, is a leak. */
const STEADY_BYTES = 150e6;
const BATCH = 250;

const channels = Object.entries(contract).flatMap(([area, entries]) =>
  Object.entries(entries as Record<string, Entry>).flatMap(([name, entry]) =>
    entry.kind === "notification" ? [] : [{ area, name, channel: channelOf(area, name), ...entry }],
  ),
);

const residentBytes = (electron: ElectronApplication) => electron.evaluate(() => process.memoryUsage().rss);

interface Answered {
  readonly accepted: string[];
  readonly reasons: string[];
}

/** Sends each of these, as the text of a script, to one channel over the bridge; returns those that were not refused. */
async function ask(page: Page, { area, name }: { area: string; name: string }, inputs: unknown[]) {
  const sources = inputs.map((input) => sourceOf(input));
  return (await page.evaluate(`(async () => {
    const circle = { path: "x" }; circle.self = circle;
    const inputs = [${sources.join(",\n")}];
    const entry = window.coppice[${JSON.stringify(area)}][${JSON.stringify(name)}];
    const answers = await Promise.all(inputs.map(async (input) => {
      try {
        const asked = entry(input, () => {});
        return await ("done" in asked ? asked.done : asked);
      } catch (error) {
        return { ok: false, failure: { code: "bridge", message: String(error) } };
      }
    }));
    const refused = ({ ok, failure }) => !ok && (failure.code === "bridge" || / is malformed/.test(failure.message));
    return {
      accepted: answers.flatMap((answer, i) => refused(answer) ? [] : [i + ": " + JSON.stringify(answer)]),
      reasons: answers.map(({ failure }) => failure?.code ?? "none"),
    };
  })()`)) as Answered;
}

test(
  `every channel refuses input of another type (${perChannel} each, seed ${seed})`,
  { timeout: 3_600_000 },
  async () => {
    const { electron, page } = await openCoppice();
    const giants = async () => {
      for (const channel of channels.filter(({ name }) => name === "keep"))
        expect((await ask(page, channel, tooLarge())).accepted).toEqual([]);
    };
    await giants(); // What these take once is taken for good.
    const before = await residentBytes(electron);
    let refused = 0;
    let atTheBridge = 0;
    for (const [index, { input, ...channel }] of channels.entries()) {
      const inputs = badPayloads(input, perChannel, seed + index);
      expect(inputs.length, channel.channel).toBe(perChannel);
      for (let first = 0; first < inputs.length; first += BATCH) {
        const batch = inputs.slice(first, first + BATCH);
        const { accepted, reasons } = await ask(page, channel, batch);
        expect(accepted, `${channel.channel}, from ${first}`).toEqual([]);
        refused += batch.length;
        atTheBridge += reasons.filter((reason) => reason === "bridge").length;
      }
    }
    expect(refused).toBe(perChannel * channels.length);
    // What the bridge cannot carry it refuses itself; most come to main.
    expect(atTheBridge).toBeLessThan(refused / 4);
    await giants();
    // What is not kept may be collected a little later.
    await expect
      .poll(async () => (await residentBytes(electron)) - before, { timeout: 60_000, interval: 1000 })
      .toBeLessThan(STEADY_BYTES);
    const state = (await page.evaluate(() => window.coppice.application.state())) as Result<unknown>;
    expect(state.ok).toBe(true);
    console.log(
      `${refused} refused on ${channels.length} channels, ${atTheBridge} of them by the bridge itself`,
    );
  },
);

test("no channel answers a sender other than the application's page", async () => {
  const { electron } = await openCoppice();
  const answers = await electron.evaluate(
    async ({ ipcMain, BrowserWindow }, names) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!;
      const own = webContents.mainFrame;
      const frames: Record<string, unknown> = {
        "a destroyed frame": null,
        "a frame that is gone": {
          get url(): string {
            throw new Error("Render frame was disposed");
          },
        },
        "an empty address": { url: "" },
        "about:blank": { url: "about:blank" },
        "another origin": { url: "https://example.org/" },
        "an origin that begins like ours": { url: "app://coppice.example.org/" },
        "a file": { url: "file:///app/index.html" },
        "a frame in our page": { url: own.url, parent: own },
      };
      const { _invokeHandlers: handlers } = ipcMain as unknown as {
        _invokeHandlers: Map<string, (event: unknown, input: unknown) => unknown>;
      };
      const accepted: string[] = [];
      let asked = 0;
      for (const [kind, frame] of Object.entries(frames)) {
        // If the main frame is not ours either, its own address must show that.
        const senders = [webContents, { mainFrame: frame }];
        for (const sender of kind === "a frame in our page" ? [webContents] : senders) {
          for (const channel of names) {
            asked++;
            const handler = handlers.get(channel);
            if (handler) {
              let result: { ok?: boolean; failure?: { message?: string } } | undefined;
              const reply = { _reply: (answer: typeof result) => (result = answer), _throw: () => {} };
              const event = { senderFrame: frame, sender, ...reply };
              const answered = (await handler(event, {})) as typeof result;
              result = answered ?? result;
              if (result?.ok !== false || !/foreign page/.test(result.failure?.message ?? ""))
                accepted.push(`${channel} by ${kind}: ${JSON.stringify(result)}`);
            } else {
              const done = await new Promise<{ result?: { failure?: { message?: string } } } | string>(
                (resolve) => {
                  const port = { on() {}, start() {}, postMessage: resolve };
                  setTimeout(() => resolve("no answer"), 2000);
                  ipcMain.emit(channel, { senderFrame: frame, sender, ports: [port] }, {});
                },
              );
              if (typeof done === "string" || !/foreign page/.test(done.result?.failure?.message ?? ""))
                accepted.push(`${channel} by ${kind}: ${JSON.stringify(done)}`);
            }
          }
        }
      }
      return { accepted, asked };
    },
    channels.map(({ channel }) => channel),
  );
  expect(answers.accepted).toEqual([]);
  expect(answers.asked).toBe(channels.length * 15);
});

test("no channel answers a window that has the bridge but shows another page", async () => {
  const { electron } = await openCoppice();
  const answers = await electron.evaluate(
    async ({ BrowserWindow, app }, names) => {
      const preload = `${app.getAppPath()}/out/preload/index.cjs`;
      const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      // Otherwise it would be brought back at once.
      window.webContents.removeAllListeners("did-navigate").removeAllListeners("did-fail-load");
      const accepted: string[] = [];
      let asked = 0;
      for (const address of ["data:text/html,<p>elsewhere", "about:blank"]) {
        await window.loadURL(address);
        const results = (await window.webContents.executeJavaScript(`(async () => {
          const results = [];
          for (const name of ${JSON.stringify(names)}) {
            const [area, entry] = name.split(".");
            const asked = window.coppice[area][entry]({}, () => {});
            results.push([name, await ("done" in asked ? asked.done : asked)]);
          }
          return results;
        })()`)) as [string, { ok: boolean; failure?: { message?: string } }][];
        asked += results.length;
        for (const [name, { ok, failure }] of results)
          if (ok || !/foreign page/.test(failure?.message ?? "")) accepted.push(`${name} at ${address}`);
      }
      window.destroy();
      return { accepted, asked };
    },
    channels.map(({ channel }) => channel),
  );
  expect(answers).toEqual({ accepted: [], asked: 2 * channels.length });
});

test("a path that main did not hand out is refused by every call that takes one", async () => {
  const { page, folder } = await openCoppice();
  const secret = join(folder, "person", "secret");
  const model = { path: secret, name: "x" };
  const report = (await page.evaluate(() => window.coppice.models.inspect({ path: "sample" }))) as Result<{
    report: object;
  }>;
  if (!report.ok) throw new Error(report.failure.code);
  const planned = { model: { ...report.value.report, path: secret }, dataset: secret, patch: {} };
  const sources = { data: [secret] };
  const asked: [string, string, unknown][] = [
    ["application", "show", { path: secret }],
    ["models", "inspect", { path: secret }],
    ["data", "inspect", { sources, model: null }],
    ["data", "read", { sources, model: "sample", seed: 1 }],
    ["runs", "start", { model, sources, patch: {} }],
    ["wizard", "keep", { model }],
    ["wizard", "keep", { sources }],
    ["wizard", "estimate", { ...planned, probe: null }],
    ["wizard", "probe", planned],
    ["conversations", "create", { title: "", model: secret }],
    ["conversations", "create", { title: "", model: "sample", beside: secret }],
    ["conversations", "load", { model: secret }],
    ["library", "backUp", { folder: secret }],
    ["library", "move", { folder: secret }],
    ["runs", "export", { id: "any", depth: "tuned", folder: secret, format: "hf" }],
  ];
  for (const [area, name, input] of asked) {
    const { failure } = (await page.evaluate(
      `(async () => {
        const asked = window.coppice.${area}.${name}(${JSON.stringify(input)}, () => {});
        return await ("done" in asked ? asked.done : asked);
      })()`,
    )) as { failure?: { code: string; why: unknown } };
    expect({ ...failure, asked: name }, `${area}.${name}`).toMatchObject({
      code: "bad-choice",
      why: { code: "path-not-chosen", path: secret },
    });
  }
});

test("every answer has the type that the contract says", async () => {
  const { page } = await openCoppice();
  const harmless = channels.filter(
    ({ kind, input, name }) => kind === "call" && input.safeParse(undefined).success && name !== "install",
  );
  expect(harmless.length).toBeGreaterThan(10);
  for (const { area, name, output, channel } of harmless as {
    area: string;
    name: string;
    output: z.ZodType;
    channel: string;
  }[]) {
    const answer = (await page.evaluate(`window.coppice.${area}.${name}()`)) as Result<unknown>;
    if (answer.ok) expect(output.safeParse(answer.value).success, channel).toBe(true);
    else expect(answer.failure.code, channel).not.toBe("internal");
  }
});
