import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice } from "./in-process.ts";

/** As on a computer without a driver of a graphics card. */
const environment = { VK_ICD_FILENAMES: "/nowhere.json" };

describe("coppice devices", () => {
  test("lists the CPU first, and says what was not tested", async () => {
    const home = temporaryFolder();
    const { code, output } = await coppice(home, ["devices"]);
    expect(code).toBe(0);
    expect(output.split("\n")[1]).toMatch(/^cpu +the processor +works$/);
    expect(output).toMatch(/webgpu +graphics card \(WebGPU\) +not tested/);
  });

  test("tests possible devices, reports them as JSON too, and remembers the results", async () => {
    const home = temporaryFolder();
    const tested = await coppice(home, ["devices", "--test", "--json"], { environment });
    expect([tested.code, tested.errors]).toEqual([0, ""]);
    const [done] = tested.events as unknown as [{ devices: object[] }];
    expect(done.devices).toContainEqual({
      device: "webgpu",
      absence: null,
      test: expect.objectContaining({ problem: { kind: "no-card" }, timesCpu: null }),
    });
    const { events } = await coppice(home, ["devices", "--json"]);
    expect(events).toEqual(tested.events);
    const { output } = await coppice(home, ["devices"]);
    expect(output).toMatch(/webgpu .*no graphics card/);
  });
});

describe("coppice generate --device", () => {
  const asking = ["generate", "--model", "sample", "--prompt", "Who pays?", "--max-tokens", "8", "--json"];

  test("falls back to the CPU if there is no such device, and says so", async () => {
    const home = temporaryFolder();
    const { events, code } = await coppice(home, [...asking, "--device", "webgpu"], { environment });
    const plain = await coppice(home, asking);
    expect(code).toBe(0);
    expect(events[0]).toMatchObject({
      event: "device",
      device: "cpu",
      problem: expect.stringMatching(/^no graphics card/),
    });
    const answer = ({ events }: typeof plain) => events.find(({ event }) => event === "done")!["text"];
    expect(answer({ ...plain, events })).toBe(answer(plain));
  });

  test("of an unknown kind is wrong usage", async () => {
    expect((await coppice(temporaryFolder(), [...asking, "--device", "abacus"])).code).toBe(2);
  });
});
