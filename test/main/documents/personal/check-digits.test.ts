/** Numbers that their authorities publish as examples. */
import { expect, test } from "vitest";
import { findPersonal } from "../../../../main/documents/personal/find-personal.ts";

test.each([
  "4111111111111111",
  "378282246310005",
  "86095742719",
  "DE136695976",
  "A123456780",
  "15070649C103",
  "756.9217.0769.85",
  "943 476 5919",
])("%s is found, and with no other last digit", (number) => {
  for (let digit = 0; digit < 10; digit++) {
    const written = number.slice(0, -1) + String(digit);
    expect(findPersonal([written])[0]).toHaveLength(written === number ? 1 : 0);
  }
});
