/** Numbers that their authorities publish as examples. */
import { expect, test } from "vitest";
import * as checks from "../../../../main/documents/personal/check-digits.ts";

test.each([
  [checks.isCard, "4111111111111111"],
  [checks.isCard, "378282246310005"],
  [checks.isRoutingNumber, "021000021"],
  [checks.isTaxId, "86095742719"],
  [checks.isMod11And10, "136695976"],
  [checks.isHealthInsurance, "A123456780"],
  [checks.isPensionInsurance, "15070649C103"],
  [checks.isAustrianInsurance, "1237010180"],
  [checks.isSwissInsurance, "7569217076985"],
  [checks.isNhs, "9434765919"],
] as const)("%o accepts %s, and no other last digit", (check, number) => {
  const last = Number(number.at(-1));
  for (let digit = 0; digit < 10; digit++)
    expect(check(number.slice(0, -1) + String(digit))).toBe(digit === last);
});
