import { expect, test } from "vitest";
import { fileName } from "../../../../main/services/home/file-name.ts";

test.each([
  ["Leases 2024", "Leases 2024"],
  ["Verträge: Miete/Pacht", "Verträge- Miete-Pacht"],
  ["Contracts, etc.", "Contracts- etc"],
  ["..", "data"],
  ["???", "data"],
  ["Aux", "data-Aux"],
  ["con.2024", "data-con.2024"],
  ["Contracts", "Contracts"],
])("%s is stored as %s", (name, stored) => {
  expect(fileName(name, /[^\p{L}\p{N}._ -]+/gu, "data")).toBe(stored);
});

test("a long name is cut to what file systems take, and never ends in a space", () => {
  const cut = fileName(`${"ä".repeat(74)} ${"b".repeat(74)}`, /[^\p{L} ]+/gu, "data");
  expect(cut).toBe("ä".repeat(74) + " b");
  expect(fileName(`${"a".repeat(149)} ${"b".repeat(74)}`, /[^\p{L} ]+/gu, "data")).toBe("a".repeat(149));
});
