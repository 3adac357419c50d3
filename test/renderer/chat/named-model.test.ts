import { expect, test } from "vitest";
import type { FoundModel } from "../../../preload/contract/calls/models.ts";
import { chatModelOf, isAmong, isSame } from "../../../renderer/chat/named-model.ts";

const found: FoundModel[] = [
  { path: "/coppice/sample", name: "sample", source: "sample", sizeBytes: 1 },
  { path: "/coppice/runs/1/model", name: "Leases", source: "run", run: "01LEASES", sizeBytes: 1 },
  { path: "/models/oak.gguf", name: "Oak", source: "recent", sizeBytes: 1 },
];

test.each([
  ["/models/oak.gguf", "/models/oak.gguf", "Oak"],
  ["01LEASES", "01LEASES", "Leases"], // as the result page and the library name it
  ["/coppice/runs/1/model", "/coppice/runs/1/model", "Leases"],
  ["sample", "/coppice/sample", "sample"],
])("%s is a model on this computer", (reference, kept, name) => {
  expect(isAmong(found, reference)).toBe(true);
  expect(chatModelOf(reference, found)).toEqual({ reference: kept, name });
});

test("a model that is gone is known by its reference only", () => {
  expect(isAmong(found, "/models/elm.gguf")).toBe(false);
  expect(chatModelOf("/models/elm.gguf", found)).toEqual({
    reference: "/models/elm.gguf",
    name: "/models/elm.gguf",
  });
});

test("a run's id and the place of its result are one model", () => {
  expect(isSame(found, "01LEASES", "/coppice/runs/1/model")).toBe(true);
  expect(isSame(found, "sample", "/coppice/sample")).toBe(true);
  expect(isSame(found, "01LEASES", "/models/oak.gguf")).toBe(false);
  expect(isSame(found, "/models/elm.gguf", "/models/elm.gguf")).toBe(true);
});
