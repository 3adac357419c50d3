import { expect, test } from "vitest";
import { fail } from "../../../../native-models/failure.ts";
import type { ImprovementOutlook } from "../../../../preload/contract/calls/corrections.ts";
import type { Correction } from "../../../../preload/contract/correction.ts";
import { Improving } from "../../../../renderer/wizard/result/improving.svelte.ts";
import { bridge } from "../../bridge.ts";

test("a correction that is taken back leaves no estimate, and what is left is measured anew", async () => {
  const stored = [1, 2].map((id) => ({ id, heldOut: null }) as Correction);
  bridge({
    corrections: {
      ofRun: () => [...stored],
      remove: ({ id }) =>
        void stored.splice(
          stored.findIndex((one) => one.id === id),
          1,
        ),
      outlook: async () => ({ seconds: 10 * stored.length }) as unknown as ImprovementOutlook,
    },
  });
  const improving = new Improving("autumn");
  await improving.read();
  await improving.measure();
  expect(improving.outlook).toEqual({ seconds: 20 });
  await improving.takeBack(2);
  expect(improving.outlook).toBeNull();
  await improving.measure();
  expect(improving.outlook).toEqual({ seconds: 10 });
});

test("corrections of files are added, and those of a file before a bad one stay", async () => {
  const stored: Correction[] = [];
  bridge({
    application: { choose: () => ["good.csv", "bad.csv"] },
    corrections: {
      ofRun: () => [...stored],
      add: ({ file }) => {
        if (file === "bad.csv") fail({ code: "bad-data", path: file, reason: "the file is empty" });
        stored.push({ id: 1, heldOut: null } as Correction);
        return { added: 1, heldOut: 0 };
      },
    },
  });
  const improving = new Improving("autumn");
  await expect(improving.addFromFiles()).rejects.toThrow(/bad-data/);
  expect(improving.corrections).toHaveLength(1);
});
