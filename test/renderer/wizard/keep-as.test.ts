import { expect, test } from "vitest";
import { keepAs } from "../../../renderer/wizard/data/keep-as.ts";
import { bridge } from "../bridge.ts";

test("the name that a person gives replaces that of a set that was kept before", async () => {
  const names = new Map([[4, "Letters"]]);
  bridge({
    dataSets: {
      keep: () => ({ id: 4 }),
      rename: ({ id, name }) => void names.set(id, name),
    },
  });
  await keepAs("/read", "Letters of 2025");
  expect(names.get(4)).toBe("Letters of 2025");
});
