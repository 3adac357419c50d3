import { expect, test } from "vitest";
import { makeRunId } from "../../../../main/services/runs/run-id.ts";

test.each([
  ["clauses", "clauses"],
  ["Lease clauses (2026).jsonl", "lease-clauses-2026-jsonl"],
  ["Verträge für Mieter", "vertrage-fur-mieter"],
  ["../../etc", "etc"],
  ["a name that goes on for longer than anyone reads", "a-name-that-goes-on-for"],
  ["合同", "run"],
  ["", "run"],
])("the id of a run called %j begins with %s", (name, beginning) => {
  const id = makeRunId(name);
  expect(id.slice(0, -6)).toBe(beginning);
  expect(id.slice(-6)).toMatch(/^-[2-9b-df-hjkmnp-tv-xz]{5}$/);
});

test("two runs of the same name have different ids", () => {
  expect(new Set(Array.from({ length: 100 }, () => makeRunId("clauses"))).size).toBe(100);
});
