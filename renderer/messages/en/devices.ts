import type { DeviceAbsence, DeviceProblem } from "../../../preload/contract/device.ts";
import { deviceProblemText } from "../../../preload/contract/sentence.ts";
import { failures } from "./failures.ts";

export const devices = {
  names: {
    cpu: "Processor",
    webgpu: "Graphics card, by WebGPU",
    directml: "Graphics card, by DirectML",
    cuda: "NVIDIA graphics card, by CUDA",
  },
  choose: "What computes",
  chooseAbout: "Chat uses it, and new plans begin with it; a run can have another (Target, Advanced).",
  always: "Works on every computer.",
  untested: "Not tested yet: whether it works here, the test tells.",
  testing: "A training step on it is being compared with the processor’s. This can take a minute.",
  faster: (times: string) =>
    `Works: same results as the processor, ${times} times as fast on a small training step.`,
  slower: (times: string) =>
    `Works: same results as the processor, but a small training step takes ${times} times as long.`,
  fails: (problem: DeviceProblem) => `Cannot be used here (${problemText(problem)}).`,
  testedAt: (date: string, card: string | null) =>
    card === null ? `Tested on ${date}.` : `Tested on ${date}; this computer draws with ${card}.`,
  absent: {
    "other-system": "There is none of it for this system.",
    "not-added": "Coppice does not come with its libraries, and they were not added.",
  } satisfies Record<DeviceAbsence, string>,
  test: "Test",
  testOf: (name: string) => `Test: ${name}`,
  stop: "Stop",
  stopTest: (name: string) => `Stop the test: ${name}`,
  fellBack: (device: string, problem: DeviceProblem) =>
    `The processor answers: “${device}” cannot be used here (${problemText(problem)}).`,
  willTrain: (problem: DeviceProblem) => `The processor will train instead. (${problemText(problem)})`,
};

function problemText(problem: DeviceProblem): string {
  return problem.kind === "failure" ? failures.sentence(problem.failure) : deviceProblemText(problem);
}
