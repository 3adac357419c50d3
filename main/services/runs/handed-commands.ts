import type { Reading } from "../data/reading.ts";
import type { SettingsService } from "../settings/settings.ts";
import type { RunQueue } from "./run-queue.ts";
import { addCorrections } from "./correcting.ts";
import type { CorrectionServices } from "./correction-sets.ts";
import { prepareEverything } from "./everything.ts";
import { prepareImprovement } from "./improving.ts";
import { takeNamed } from "./moved-models.ts";
import type { Free } from "../plans/admission.ts";
import { withSettings } from "../plans/limits.ts";
import { probeKeyOf } from "../plans/target.ts";
import { timed } from "../plans/timing.ts";
import { prepareResume, prepareTrim } from "./trimming.ts";
import type { PlannedTrim } from "./trimming.ts";
import type { HandedCommand } from "../../home/writer-socket.ts";

interface HandedTo {
  readonly services: CorrectionServices & { readonly settings: SettingsService };
  readonly reading: Reading;
  readonly queue: RunQueue;
  readonly free: Free;
}

/** Handles commands from other processes: queues each one's run and returns the run's id. */
export function handedCommands({ services, reading, queue, free }: HandedTo) {
  const { settings } = services;
  return async (handed: HandedCommand): Promise<string> => {
    const id = await prepared(handed);
    queue.add(id, { onBattery: true }); // a command that ran by itself would start on battery, too
    return id;
  };

  async function prepared(handed: HandedCommand): Promise<string> {
    if (handed.command === "resume") {
      if (handed.model !== undefined) await takeNamed(services, reading, handed.id, handed.model);
      return (await prepareResume(services, reading, handed.id, free)).id;
    }
    if (handed.command === "improve") {
      const { file, run, ...request } = handed.request;
      if (file !== undefined) await addCorrections(services, reading, { run, file });
      const choices = withSettings(request.choices, settings);
      const asked = { ...request, run, choices, language: "en" as const };
      return (await prepareImprovement(services, reading, asked, { free })).run.id;
    }
    if (handed.command === "retrain") {
      const asked = { ...handed.request, language: "en" as const };
      return (await prepareEverything(services, reading, asked, { free })).run.id;
    }
    const { probe, ...request } = handed.request;
    const patch = withSettings(request.patch, settings);
    const fit = ({ plan }: PlannedTrim) =>
      timed(plan, request.limit, probe && { probe, key: probeKeyOf(plan) }, new Date());
    return (await prepareTrim(services, reading, { ...request, patch }, { free, fit })).run.id;
  }
}
