import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { tidyCache } from "../../../main/home/home-cache.ts";
import { planWithSeed } from "../services/plan.ts";
import { servicesForTest } from "../services/services.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice, start } from "./command.ts";
import { takenCommands } from "./taken-commands.ts";
import { tinyRecipe, tinyTrim } from "./tiny-trim.ts";

/** A home that an application has open, which accepts commands and refuses each, and a trim of years. */
async function openApplication() {
  const folder = temporaryFolder();
  const { home, trim } = await tinyTrim(folder);
  const recipe = { ...tinyRecipe(), heal: { epochs: 10_000_000 } };
  writeFileSync(join(folder, "settings.json"), JSON.stringify(recipe));
  const services = servicesForTest(home);
  const came = await takenCommands(home);
  return { home, services, came, trim: trim.filter((word) => word !== "--json") };
}

describe("A long trim that an open application will run", () => {
  test("is announced with its time and how to shorten it before it is handed over", async () => {
    const { home, trim, came } = await openApplication();
    const { output } = await coppice(home, trim);
    expect(output).toMatch(/This will take about .+ \(between .+ and .+\)\./);
    expect(output).toContain("With fewer epochs it would take about");
    expect(output).toContain(
      "With --by it finishes within the time that you set; fine-tuning then draws from all rows, different ones in each epoch.",
    );
    expect(came).toMatchObject([{ command: "trim", request: { patch: { heal: {} } } }]);
  });

  test("leaves its data where the next start removes it, if it is killed", async () => {
    const { home, trim, services } = await openApplication();
    const temporary = temporaryFolder();
    const working = () => readdirSync(services.home.cache).filter((name) => name.startsWith("working-"));
    const killed = start(home, trim, { environment: { TMPDIR: temporary } });
    await vi.waitUntil(() => working().length > 0, { timeout: 60_000 });
    killed.killAll();
    await killed.ended;
    expect(readdirSync(temporary)).toEqual([]);
    tidyCache(services.home);
    expect(working()).toEqual([]);
  });

  test("is not measured while another run is active", async () => {
    const { home, trim, came, services } = await openApplication();
    services.runs.start(services.runs.create(planWithSeed(1), { name: "active" }).id);
    const { output } = await coppice(home, trim);
    expect(output).not.toContain("This will take");
    expect(came).toHaveLength(1);
  });
});
