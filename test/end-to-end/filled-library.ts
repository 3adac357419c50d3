/** A library with something in it, for the journeys that begin there. */
import { join } from "node:path";
import { openServices } from "../../main/services/open.ts";
import { clauses } from "../main/services/runs/clauses.ts";
import { finishedRun } from "../main/services/runs/finished-run.ts";
import { planWithSeed } from "../main/services/plan.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import type { OpenOptions } from "./coppice.ts";

/** A folder whose home has two finished runs on the same data, one on other data, a paused and a failed one. */
export async function filledFolder() {
  const folder = newFolder();
  const home = join(folder, "home");
  const services = openServices(home);
  try {
    const half = await finishedRun(services, clauses);
    const careful = await finishedRun(services, {
      ...clauses,
      name: "Clauses, careful",
      depths: [{ units: 6, right: (question) => question % 25 < 17, tokensPerSecond: 110 }],
    });
    const deadlines = await finishedRun(services, {
      ...clauses,
      name: "Deadlines",
      dataHash: "77aa",
      questions: 120,
    });
    const { runs } = services;
    const { id: paused } = runs.create(planWithSeed(3), { name: "Court letters" });
    runs.start(paused);
    runs.pause(paused, "asked");
    const { id: failed } = runs.create(planWithSeed(4), { name: "Lease templates" });
    runs.start(failed);
    runs.fail(failed, { code: "disk-full", path: "/data" });
    return { folder, home, half, careful, deadlines, paused, failed };
  } finally {
    services.close();
  }
}

/** Opens the application on such a folder, at the library. */
export async function openLibrary(options: OpenOptions = {}) {
  const filled = await filledFolder();
  const coppice = await openCoppice({ ...options, folder: filled.folder });
  await coppice.page.getByRole("list", { name: "Your models" }).waitFor();
  return { ...filled, coppice, page: coppice.page };
}
