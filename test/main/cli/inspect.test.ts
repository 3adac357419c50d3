import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { homeIn } from "../../../main/home/home.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice, start } from "./command.ts";

test("an inspection that is killed leaves text only in the home, and the next one removes it", async () => {
  const [folder, temporary] = [temporaryFolder(), temporaryFolder()];
  const home = join(folder, "home");
  const { cache } = homeIn(home);
  const data = join(folder, "letters.jsonl");
  const row = (i: number) => JSON.stringify({ prompt: `Dear Mr Weber ${i}`, completion: `Yes ${i}` });
  writeFileSync(data, Array.from({ length: 20_000 }, (_, i) => row(i)).join("\n"));
  const working = () =>
    existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith("working-")) : [];
  const environment = { TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  const inspecting = start(home, ["inspect", data], { environment });
  await vi.waitFor(() => expect(working()).toHaveLength(1), { timeout: 60_000, interval: 5 });
  inspecting.killAll();
  await inspecting.ended;
  expect(readdirSync(temporary).filter((name) => name.startsWith("coppice"))).toEqual([]);
  expect(working()).toHaveLength(1);
  const few = join(folder, "few.jsonl");
  writeFileSync(few, Array.from({ length: 100 }, (_, i) => row(i)).join("\n"));
  const { code, output } = await coppice(home, ["inspect", few]);
  expect([code, output]).toEqual([0, expect.stringContaining("few.jsonl")]);
  expect(working()).toEqual([]);
});

test("inspecting a model creates no home", async () => {
  const home = join(temporaryFolder(), "home");
  expect((await coppice(home, ["inspect", "sample"])).code).toBe(0);
  expect(existsSync(home)).toBe(false);
});
