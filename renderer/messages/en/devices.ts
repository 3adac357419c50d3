import type { DeviceAbsence, DeviceProblem } from "../../../preload/contract/plans/device.ts";
import { deviceProblemText } from "../../../preload/contract/words/sentence.ts";
import { failures } from "./failures.ts";

export const devices = {
  names: {
    cpu: "Processor",
    webgpu: "Graphics card (WebGPU)",
    directml: "Graphics card (DirectML)",
    cuda: "NVIDIA graphics card (CUDA)",
  },
  choose: "Compute device",
  chooseAbout:
    "Chat uses this device, and new plans start with it. You can change it for one run (Target, Advanced).",
  always: "Works on every computer.",
  untested: "Not tested yet. Press “Test” to see whether it works here.",
  testing: "Comparing a training step with the processor’s. This can take a minute.",
  faster: (times: string) =>
    `Works: same results as the processor, and a small training step is ${times} times as fast.`,
  slower: (times: string) =>
    `Works: same results as the processor, but a small training step takes ${times} times as long.`,
  fails: (problem: DeviceProblem) => `Unusable here (${problemText(problem)}).`,
  testedAt: (date: string, card: string | null) =>
    card === null ? `Tested on ${date}.` : `Tested on ${date}; graphics: ${card}.`,
  absent: {
    "other-system": "Not available on this system.",
    "not-added": "Its libraries are not included with Coppice and have not been added.",
    unsafe: "Other accounts can change its libraries.",
  } satisfies Record<DeviceAbsence, string>,
  test: "Test",
  testOf: (name: string) => `Test: ${name}`,
  stop: "Stop",
  stopTest: (name: string) => `Stop the test: ${name}`,
  fellBack: (device: string, problem: DeviceProblem) =>
    `The processor answers, because “${device}” is unusable here (${problemText(problem)}).`,
  willTrain: (problem: DeviceProblem) => `The processor will train instead. (${problemText(problem)})`,
};

function problemText(problem: DeviceProblem): string {
  return problem.kind === "failure" ? failures.sentence(problem.failure) : deviceProblemText(problem);
}
