import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openSafetensors } from "../../../native-models/formats/safetensors/read.ts";
import { failureIn, temporaryFolder, written } from "./fixtures.ts";
import { safetensors } from "./safetensors-bytes.ts";

/** An entry of the header; by default two f32. */
const entry = (fields: object = {}) => ({ dtype: "F32", shape: [2], data_offsets: [0, 8], ...fields });

describe("a truncated safetensors file", () => {
  test("is refused wherever it ends, and with any single byte changed gives a failure or a model", () => {
    const folder = temporaryFolder();
    const header = {
      __metadata__: { format: "pt" },
      v: entry(),
      w: entry({ dtype: "F16", data_offsets: [8, 12] }),
    };
    const whole = safetensors(header, 12);
    openSafetensors(written(join(folder, "whole"), whole)).close();
    for (let length = 0; length < whole.length; length++) {
      const path = written(join(folder, "cut"), whole.subarray(0, length));
      expect(
        failureIn(() => openSafetensors(path)),
        `${length} bytes`,
      ).toMatchObject({ code: "corrupt-file", path });
    }
    let refusals = 0;
    for (let at = 0; at < whole.length - 12; at++) {
      for (const change of [0x01, 0x80, 0xff]) {
        const changed = Buffer.from(whole);
        changed[at] = changed[at]! ^ change;
        const failure = failureIn(() => openSafetensors(written(join(folder, "changed"), changed)).close());
        if (failure) refusals++;
        expect(failure?.code, `byte ${at} ^ ${change}`).not.toBe("internal");
      }
    }
    expect(refusals).toBeGreaterThan(300);
  });
});
