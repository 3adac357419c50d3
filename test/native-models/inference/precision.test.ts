import { expect, test } from "vitest";
import { defaultPrecision } from "../../../native-models/inference/precision.ts";

test.each([
  ["SmolLM2-135M", 576, "int8"],
  ["SmolLM2-360M", 960, "int8"],
  ["TinyLlama-1.1B", 2048, "int4"],
  ["Llama-2-7B", 4096, "int4"],
])("%s, %i wide, answers in %s unless a person asks for another", (_, hiddenSize, precision) => {
  expect(defaultPrecision({ hiddenSize })).toBe(precision);
});
