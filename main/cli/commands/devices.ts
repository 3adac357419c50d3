import type { Command } from "commander";
import { failureOf } from "../../../native-models/failure.ts";
import type { DeviceAbsence, DeviceState, DeviceTest } from "../../../preload/contract/plans/device.ts";
import { deviceProblemText } from "../../../preload/contract/words/sentence.ts";
import { Devices } from "../../services/devices/devices.ts";
import type { Services } from "../../services/open.ts";
import type { Context } from "../context.ts";
import { tableText } from "../table.ts";

/** coppice devices: the available devices, and whether they compute correctly. */
export function addDevices(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description(
      "Lists the processor and graphics devices. --test compares a training step on each with the processor's.",
    )
    .option("--test", "test every available device")
    .action(async ({ test = false }: { test?: boolean }, command: Command) => {
      const context = contextOf(command);
      if (!test) return context.reading((services) => show(context, devicesOf(context, services).list()));
      await testing(context, async (devices) => {
        for (const { device, absence } of devices.list()) {
          if (device === "cpu" || absence !== null) continue;
          context.terminal.status(`Testing ${names[device]} …`);
          await devices.test(device);
        }
        context.terminal.endStatus();
        show(context, devices.list());
      });
    });
}

const devicesOf = ({ engine }: Context, { settings }: Services) => new Devices(settings, { engine });

/** If another Coppice is using the home, results are shown but not stored. */
async function testing(context: Context, use: (devices: Devices) => Promise<void>): Promise<void> {
  try {
    await context.writing((services) => use(devicesOf(context, services)));
  } catch (error) {
    if (failureOf(error).code !== "home-in-use") throw error;
    context.terminal.warn("Another Coppice is using this folder, so the test results are not saved.");
    await context.reading(({ settings }) => {
      let now = settings.get();
      const unkept = {
        get: () => now,
        set: (change: Parameters<typeof settings.set>[0]) => (now = { ...now, ...change } as typeof now),
      };
      return use(new Devices(unkept, { engine: context.engine }));
    });
  }
}

function show({ terminal }: Context, states: readonly DeviceState[]): void {
  const rows = states.map((state) => [state.device, names[state.device], stateText(state)]);
  const [header, ...lines] = tableText(["device", "description", "state"], rows, "left");
  terminal.say(terminal.colours.dim(header!));
  for (const line of lines) terminal.say(line);
  terminal.emit({ event: "done", devices: states });
}

const names = {
  cpu: "the processor",
  webgpu: "graphics card (WebGPU)",
  directml: "graphics card (DirectML)",
  cuda: "NVIDIA graphics card (CUDA)",
};

const absences: Record<DeviceAbsence, string> = {
  "other-system": "not available on this system",
  "not-added": "its libraries are not installed",
  unsafe: "other accounts can change its libraries",
};

function stateText({ device, absence, test }: DeviceState): string {
  if (absence !== null) return absences[absence];
  if (device === "cpu") return "works";
  return test === null ? "not tested" : testText(test);
}

function testText({ problem, timesCpu }: DeviceTest): string {
  if (problem !== null) return `unusable: ${deviceProblemText(problem)}`;
  const [times, compared] =
    timesCpu! >= 1 ? [timesCpu!, "as fast as the processor"] : [1 / timesCpu!, "as long as the processor"];
  return `works, ${times.toFixed(1)} times ${compared} on a small training step`;
}
