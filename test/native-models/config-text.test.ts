import { expect, test } from "vitest";
import { configText } from "../../native-models/config-text.ts";

const json = {
  cap: 30,
  list: [{ cap: 5 }],
  size: 30,
  exact: 0.5,
  none: null,
  name: "cap: 3",
  last: { cap: -2 },
};

test("keys that need a decimal point have one, others are as JavaScript writes them", () => {
  const text = configText(json, { decimals: ["cap", "exact", "none"] });
  expect(text.match(/.*(cap|exact|none|size).*/g)).toEqual([
    '  "cap": 30.0,',
    '      "cap": 5.0',
    '  "size": 30,',
    '  "exact": 0.5,',
    '  "none": null,',
    '  "name": "cap: 3",',
    '    "cap": -2.0',
  ]);
  expect(JSON.parse(text)).toEqual(json);
});

test("without such keys the text is JSON's", () => {
  expect(configText(json, {})).toBe(`${JSON.stringify(json, null, 2)}\n`);
});
