import { expect, test } from "vitest";
import { belongsTo, isNamedAfterRun, makeRunId } from "../../../../main/services/runs/run-id.ts";

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

test("a folder named after a run is distinguished from others", () => {
  const id = makeRunId("Lease clauses");
  for (const name of [id, `${id}-round-3`]) {
    expect(isNamedAfterRun(name)).toBe(true);
    expect(belongsTo(id, name)).toBe(true);
  }
  for (const name of ["mine", "my-own-model", "Qwen3-0.6B", "HuggingFaceTB"])
    expect(isNamedAfterRun(name)).toBe(false);
  expect(belongsTo(id, `${id}x`)).toBe(false);
});
