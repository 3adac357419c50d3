import { expect, test } from "vitest";
import { houseOf, roomsOf, withoutImplied } from "../../build/house.ts";

const imports = Object.entries({
  "main/cli.ts": ["main/services/open.ts"],
  "main/index.ts": ["main/cli.ts"],
  "main/services/open.ts": ["main/database/store.ts", "main/paths.ts"],
  "main/paths.ts": ["main/database/store.ts"],
  "main/database/store.ts": ["main/home.ts", "native-models/failure.ts"],
}).flatMap(([from, imported]) => imported.map((to) => ({ from, to })));

test("folders are rooms; files that only import are one room, those only imported another, each other file its own", () => {
  const rooms = [...roomsOf(imports, "main")].map(([name, imported]) => [name, [...imported]]);
  expect(Object.fromEntries(rooms)).toEqual({
    "cli.ts index.ts": ["services/"],
    "services/": ["database/", "paths.ts"],
    "paths.ts": ["database/"],
    "database/": ["home.ts"],
    "home.ts": [],
  });
});

test("an arrow that a longer path implies is omitted", () => {
  const rooms = withoutImplied(roomsOf(imports, "main"));
  expect([...rooms.get("services/")!]).toEqual(["paths.ts"]);
});

test("each floor with rooms is a diagram, and another import changes the picture", () => {
  const house = houseOf(imports);
  expect(house).toContain('**The house**\n\n```mermaid\nflowchart TB\n  main_["main/"]\n');
  expect(house).toContain("  main_ --> native_models_\n");
  expect(house).toContain("  services_ --> paths_ts\n");
  expect(house).not.toContain("`renderer/`");
  expect(houseOf(imports.slice(1))).not.toBe(house);
});
