import { expect, test } from "vitest";
import { hashOf, routeOf } from "../../renderer/routes.ts";
import type { Route } from "../../renderer/routes.ts";

const places: [string, Route][] = [
  ["#/library", { page: "library" }],
  ["#/new/model", { page: "model" }],
  ["#/new/model?fresh=draft", { page: "model", fresh: true }],
  ["#/data-sets/3?write=questions", { page: "dataSets", set: "3", write: true }],
  ["#/new/data", { page: "data" }],
  ["#/new/target", { page: "target" }],
  ["#/runs/clauses-7h2kd", { page: "trim", run: "clauses-7h2kd" }],
  ["#/runs/a%2Fb%20c", { page: "trim", run: "a/b c" }],
  ["#/runs/clauses-7h2kd/result", { page: "result", run: "clauses-7h2kd" }],
  ["#/data-sets", { page: "dataSets" }],
  ["#/runs/oak-1/result?improve=corrections", { page: "result", run: "oak-1", improve: true }],
  ["#/data-sets/7", { page: "dataSets", set: "7" }],
  ["#/questions/3", { page: "questions", writing: "3" }],
  ["#/compare", { page: "compare", runs: [] }],
  ["#/compare?runs=a,b", { page: "compare", runs: ["a", "b"] }],
  ["#/chat", { page: "chat" }],
  ["#/chat/12", { page: "chat", conversation: "12" }],
  ["#/chat?model=run%3Aa&beside=run%3Ab", { page: "chat", model: "run:a", beside: "run:b" }],
  ["#/settings", { page: "settings" }],
  ["#/licences", { page: "licences" }],
  ["#/settings/privacy", { page: "settings", section: "privacy" }],
];

test.each(places)("%s is a place, and that place has this address", (hash, route) => {
  expect(routeOf(hash)).toEqual(route);
  expect(hashOf(route)).toBe(hash);
});

test.each(["", "#", "#/", "#/nowhere", "#/runs", "#/runs/%E0%A4%A", "#//"])(
  "%j is no address and leads to the library",
  (hash) => {
    expect(routeOf(hash)).toEqual({ page: "library" });
  },
);
