/** Around all journeys: a display for each of those that run at the same time, so that they share neither focus nor clipboard. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { TestProject } from "vitest/node";
import { virtualDisplay } from "../../build/electron/display.ts";

/** The variables that name a display, absent where the system needs none. */
type DisplayVariables = Partial<Record<"DISPLAY" | "XAUTHORITY", string>>;

declare module "vitest" {
  interface ProvidedContext {
    /** One for each worker; empty where nothing is shown. */
    displays: DisplayVariables[];
  }
}

/** Prints the display that it was started on, and ends with its standard input. */
const onDisplay = `
  const { DISPLAY, XAUTHORITY } = process.env;
  console.log(JSON.stringify({ DISPLAY, XAUTHORITY }));
  process.stdin.resume();
`;

export default async function openDisplays(project: TestProject): Promise<() => Promise<void>> {
  const opened: Opened[] = [];
  const count = process.env["COPPICE_TEST_BROWSER"] === undefined ? project.globalConfig.maxWorkers : 0;
  while (opened.length < count) opened.push(await openDisplay()); // in turn: each takes the next free number
  project.provide(
    "displays",
    opened.map(({ variables }) => variables),
  );
  return async () => {
    await Promise.all(opened.map(({ close }) => close()));
  };
}

interface Opened {
  readonly variables: DisplayVariables;
  close(): Promise<unknown>;
}

async function openDisplay(): Promise<Opened> {
  const [command, ...args] = [...virtualDisplay(), process.execPath, "-e", onDisplay];
  const child = spawn(command!, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  const first = await Promise.race([
    once(createInterface(child.stdout), "line"),
    ended.then(() => {
      throw new Error("No display could be opened for the journeys.");
    }),
  ]);
  return {
    variables: JSON.parse(String(first[0])) as DisplayVariables,
    close: () => {
      child.stdin.end();
      return ended;
    },
  };
}
