import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openGguf } from "../../../native-models/formats/gguf/read.ts";
import { failureIn, temporaryFolder, written } from "./fixtures.ts";
import { entry, gguf, strings, tensor, text, TYPE, u32, u64, u8 } from "./gguf-bytes.ts";

const size = (key: string, number: number) => entry(`llama.${key}`, TYPE.u32, u32(number));
const llama = entry("general.architecture", TYPE.string, text("llama"));
describe("a truncated GGUF", () => {
  const folder = temporaryFolder();
  const entries = [
    llama,
    size("block_count", 1),
    entry("test.f32", TYPE.f32, u32(0)),
    entry("test.flags", TYPE.array, u32(TYPE.bool), u64(2), u8(0), u8(1)),
    strings("tokenizer.ggml.tokens", ["a", "b"]),
  ];
  const tensors = [
    tensor({ name: "token_embd.weight" }),
    tensor({ name: "v", type: 2, axes: [32], offset: 256 }),
  ];
  const whole = gguf({ entries, tensors, dataBytes: 256 + 18 });

  test("is refused wherever it ends: at any byte of the header or the data", () => {
    const opened = openGguf(written(join(folder, "whole.gguf"), whole));
    expect(opened.tensors.size).toBe(2);
    opened.close();
    const sections = new Set<string>();
    for (let length = 0; length < whole.length; length++) {
      const path = written(join(folder, "cut.gguf"), whole.subarray(0, length));
      const failure = failureIn(() => openGguf(path));
      expect(failure, `${length} bytes`).toMatchObject({ code: "corrupt-file", path });
      if (failure?.code === "corrupt-file") sections.add(failure.section);
    }
    expect([...sections]).toEqual(
      expect.arrayContaining(["magic", "version", "tensor count", "metadata count"]),
    );
    expect([...sections]).toEqual(expect.arrayContaining(['metadata "llama.block_count"', 'tensor "v"']));
  });

  test("gives a failure, never another error, whatever single byte is changed", () => {
    const path = join(folder, "changed.gguf");
    let refused = 0;
    for (let at = 0; at < whole.length - 274; at++) {
      for (const change of [0x01, 0x80, 0xff]) {
        const changed = Buffer.from(whole);
        changed[at] = changed[at]! ^ change;
        const failure = failureIn(() => openGguf(written(path, changed)).close());
        if (failure) refused++;
        expect(failure?.code, `byte ${at} ^ ${change}`).not.toBe("internal");
      }
    }
    expect(refused).toBeGreaterThan(500);
  });
});
