import { expect, test } from "vitest";
import { alternativesOf } from "../../../native-models/constraints/json-schema/alternatives.ts";
import { SchemaDocument } from "../../../native-models/constraints/json-schema/document.ts";

test("each oneOf is compared once, however deep it is inside of others", () => {
  const depth = 8;
  let schema: unknown = { const: "inmost" };
  for (let level = 0; level < depth; level++) schema = { oneOf: [{ const: level }, schema] };
  const document = new SchemaDocument(schema);
  let compared = 0;
  const ways = alternativesOf(document, [document.root], () => ++compared > 0);
  expect(ways).toHaveLength(depth + 1);
  expect(compared).toBe((depth * (depth + 1)) / 2); // with every way to meet the schemas inside
});
