import type { Application } from "../application.ts";
import { freeWithin, withSettings } from "../services/settings/limits.ts";
import { choicesOf } from "../services/plans/planning.ts";
import { prepareResume, prepareTrim } from "../services/runs/trimming.ts";
import type { HandedCommand } from "../writer-socket.ts";

/** Answers a command of another process with the id of its run, which is in the queue then. */
export function commandHandler({ services, reading, queue }: Application) {
  const { settings } = services;
  const free = freeWithin(settings);
  return async (handed: HandedCommand): Promise<string> => {
    const id = await prepared(handed);
    queue.add(id, { onBattery: true }); // as a command by itself would begin
    return id;
  };

  async function prepared(handed: HandedCommand): Promise<string> {
    if (handed.command === "resume") return (await prepareResume(services, reading, handed.id, free)).id;
    const choices = choicesOf(withSettings(handed.request.choices, settings));
    return (await prepareTrim(services, reading, { ...handed.request, choices }, free)).run.id;
  }
}
