import { onTestFinished, vi } from "vitest";
import { readHolder } from "../../../main/home/folder-lock.ts";
import { takeCommands } from "../../../main/home/writer-socket.ts";
import type { HandedCommand } from "../../../main/home/writer-socket.ts";
import { AppError } from "../../../native-models/failure.ts";

/** What comes to an application that has a home open, takes commands, and refuses each. */
export async function takenCommands(home: string): Promise<HandedCommand[]> {
  const came: HandedCommand[] = [];
  const commands = takeCommands(home, (command) => {
    came.push(command);
    return Promise.reject(new AppError({ code: "cancelled" }));
  });
  onTestFinished(() => commands.close());
  await vi.waitUntil(() => readHolder(home, "writer")?.socket);
  return came;
}
