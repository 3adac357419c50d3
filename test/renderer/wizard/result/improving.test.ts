import { expect, test } from "vitest";
import { fail } from "../../../../native-models/failure.ts";
import type { ImprovementOutlook } from "../../../../preload/contract/calls/corrections.ts";
import type { Correction } from "../../../../preload/contract/chat/correction.ts";
import { Improving } from "../../../../renderer/wizard/result/improving.svelte.ts";
import { bridge } from "../../bridge.ts";

test("what is left after a correction was taken back is measured anew", async () => {
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
  await expect.poll(() => improving.outlook).toEqual({ seconds: 10 });
});

test("a measurement that ends long after it was stopped changes nothing of the next one", async () => {
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  let asked = 0;
  bridge({
    application: { choose: () => ["more.csv"] },
    corrections: {
      ofRun: () => [{ id: 1, heldOut: null } as Correction],
      add: () => ({ added: 1, heldOut: 1 }),
      outlook: async (_, tell) => {
        const seconds = ++asked;
        if (asked === 1) await ended;
        tell({ done: 0.5 });
        return { seconds } as unknown as ImprovementOutlook;
      },
    },
  });
  const improving = new Improving("autumn");
  await improving.read();
  const first = improving.measure();
  await improving.addFromFiles();
  await expect.poll(() => improving.outlook).toEqual({ seconds: 2 });
  end();
  await first;
  expect(improving).toMatchObject({ outlook: { seconds: 2 }, measured: null, failure: null });
});

test("nothing is measured for corrections that change after the dialog was left", async () => {
  let asked = 0;
  bridge({
    corrections: {
      ofRun: () => [{ id: 1, heldOut: null } as Correction],
      remove: () => {},
      outlook: async () => ({ seconds: ++asked }) as unknown as ImprovementOutlook,
    },
  });
  const improving = new Improving("autumn");
  await improving.read();
  await improving.measure();
  const takenBack = improving.takeBack(2);
  improving.leave();
  await takenBack;
  expect(asked).toBe(1);
  await improving.measure();
  expect(improving.outlook).toEqual({ seconds: 2 });
});

test("corrections of files are added, and those of a file before a bad one stay", async () => {
  const stored: Correction[] = [];
  bridge({
    application: { choose: () => ["good.csv", "bad.csv"] },
    corrections: {
      ofRun: () => [...stored],
      add: ({ file }) => {
        if (file === "bad.csv") fail({ code: "bad-data", path: file, reason: "empty" });
        stored.push({ id: 1, heldOut: null } as Correction);
        return { added: 1, heldOut: 0 };
      },
    },
  });
  const improving = new Improving("autumn");
  await expect(improving.addFromFiles()).rejects.toThrow(/bad-data/);
  expect(improving.corrections).toHaveLength(1);
});
