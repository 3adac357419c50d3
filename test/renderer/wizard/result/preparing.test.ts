import { expect, test } from "vitest";
import { AppError } from "../../../../native-models/failure.ts";
import { PreparedDepth } from "../../../../renderer/wizard/result/preparing.svelte.ts";
import { bridge } from "../../bridge.ts";

const model = { path: "/models/oak", name: "Oak" } as never;

test("a depth is prepared with its progress", async () => {
  const preparing = new PreparedDepth();
  const heard: (number | null)[] = [];
  bridge({
    runs: {
      useDepth: async (_, onPiece) => {
        onPiece({ fraction: 0.5 });
        heard.push(preparing.fraction);
        return model;
      },
    },
  });
  expect(await preparing.prepare("r", "round 2")).toBe(model);
  expect(heard).toEqual([0.5]);
  expect(preparing.fraction).toBeNull();
});

test("a depth that was ready just as its page was left is not used", async () => {
  const preparing = new PreparedDepth();
  let finish!: () => void;
  bridge({ runs: { useDepth: () => new Promise((resolve) => (finish = () => resolve(model))) } });
  const made = preparing.prepare("r", "round 2");
  preparing.stop();
  finish();
  expect(await made).toBeNull();
  expect(preparing.failure).toBeNull();
});

test("a depth that cannot be prepared says why", async () => {
  const full = new AppError({ code: "disk-full", path: "/models" });
  bridge({ runs: { useDepth: () => Promise.reject(full) } });
  const preparing = new PreparedDepth();
  expect(await preparing.prepare("r", "round 2")).toBeNull();
  expect(preparing.failure).toEqual(full.failure);
});
