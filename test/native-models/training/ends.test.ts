import { expect, test } from "vitest";
import { frozenEnds } from "../../../native-models/training/ends.ts";
import { Sessions } from "../../../native-models/training/sessions.ts";
import { headLimits } from "../../../native-models/training/sizes.ts";
import { memoryStore } from "../../../native-models/training/weight-store.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { comparedNames, readGolden } from "../architectures/golden-weights.ts";

test.each([
  ["whole", headLimits, ["head"]],
  ["in parts", { wholeBytes: 0, partBytes: 3000, labels: 5 }, ["head 0", "head 1"]],
] as const)(
  "Frozen ends whose head is %s leave none of it in the store once they are released",
  (_, limits, groups) => {
    const store = memoryStore();
    const model = goldenModel(readGolden(comparedNames[0]!));
    const sessions = new Sessions({ threads: 1, device: "cpu", keepsMemory: true, laysOutMemory: false });
    const options = { dialect: "cpu", sessions, storage: "f32", store, wholeStore: store } as const;
    const ends = frozenEnds(model, { ...options, limits });
    const isStored = () => groups.map((group) => store.has(group));
    expect(isStored()).not.toContain(false);
    ends.release();
    expect(isStored()).not.toContain(true);
  },
);
