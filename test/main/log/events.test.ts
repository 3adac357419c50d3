/** What a log can say has no room for a sentence, a name or a path. */
import { expect, test } from "vitest";
import { z } from "zod";
import { figuresOfFailure, LogEvent, runKey, RunKey } from "../../../main/log/events.ts";
import { makeRunId } from "../../../main/services/runs/run-id.ts";
import { Failure } from "../../../preload/contract/failures/failure.ts";
import type { Failure as AnyFailure } from "../../../native-models/failure.ts";

const canaries = [
  "Zebrafink",
  "two words",
  "/home/ada/Zebrafink.csv",
  "zebrafink.csv",
  "Zebrafink\nZebrafink",
];

/** Each string's place in a schema as JSON Schema has it, with the schema itself. */
function stringsIn(schema: unknown, place = ""): [string, z.core.JSONSchema.JSONSchema][] {
  if (typeof schema !== "object" || schema === null) return [];
  const found = schema as z.core.JSONSchema.JSONSchema;
  const own: [string, z.core.JSONSchema.JSONSchema][] = found.type === "string" ? [[place, found]] : [];
  return [...own, ...Object.entries(schema).flatMap(([key, value]) => stringsIn(value, `${place}/${key}`))];
}

test("every string in every event is one of a few words, or has a format that no sentence matches", () => {
  const strings = stringsIn(z.toJSONSchema(LogEvent, { reused: "inline" }));
  expect(strings.length).toBeGreaterThan(50);
  for (const [place, { enum: words, const: word, pattern }] of strings) {
    if (words !== undefined || word !== undefined) continue;
    expect(pattern, place).toBeDefined();
    for (const canary of ["two words of text", "/home/ada/secret.csv", "line\nline"]) {
      if (place.includes("/frames/")) continue; // places in code: tested below, by what makes them
      expect(new RegExp(pattern!).test(canary), `${place} takes ${canary}`).toBe(false);
    }
  }
});

test.each(Failure.options.map(({ shape }) => shape.code.value))(
  "of the failure %s, code and figures are kept alone",
  (code) => {
    const shape = Failure.options.find((option) => option.shape.code.value === code)!.shape;
    const filled = Object.fromEntries(
      Object.entries(shape).map(([key, type]) => [key, valueFor(key, type as z.ZodType, code)]),
    );
    const kept = JSON.stringify(figuresOfFailure(Failure.parse(filled) as AnyFailure));
    for (const canary of canaries) expect(kept).not.toContain(canary.slice(0, 9));
    expect(JSON.parse(kept)).toMatchObject({ code });
  },
);

function valueFor(key: string, type: z.ZodType, code: string): unknown {
  if (key === "code") return code;
  const words = type instanceof z.ZodEnum ? type.options : [];
  return [canaries[2], 12, canaries, ...words].find((value) => type.safeParse(value).success);
}

test("a run is identified by its last letters, which reveal nothing about its name", () => {
  for (let count = 0; count < 100; count++) {
    const key = runKey(makeRunId("Zebrafink leases"));
    expect(RunKey.safeParse(key).success).toBe(true);
    expect("zebrafink-leases").not.toContain(key);
  }
});

test.each(["trainer", "chat", "batch", "reader", "recogniser"])(
  "the engine %s has a name in the log",
  (engine) => {
    expect(LogEvent.parse({ event: "engine-started", engine, processId: 1 })).toMatchObject({ engine });
  },
);
