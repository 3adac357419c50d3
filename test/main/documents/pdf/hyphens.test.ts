import { expect, test } from "vitest";
import { joinLines } from "../../../../main/documents/pdf/hyphens.ts";

test("A hyphen at a line end beside a digit or an abbreviation stays, without a space after it", () => {
  expect(joinLines("nach COVID-", "19 im Jahr")).toBe("nach COVID-19 im Jahr");
  expect(joinLines("nach 2-", "maliger Gabe")).toBe("nach 2-maliger Gabe");
  expect(joinLines("am 2024-", "03-01")).toBe("am 2024-03-01");
  expect(joinLines("Vitamin B\u2010", "12")).toBe("Vitamin B\u201012");
  expect(joinLines("Vitamin D\u00ad", "3")).toBe("Vitamin D3");
  expect(joinLines("AOK, Vers.-", "Nr. M987654321")).toBe("AOK, Vers.-Nr. M987654321");
});

test("A hyphen at a line end stands for what comes later before a conjunction, and for a dash after a space", () => {
  expect(joinLines("in 2-", "und 3-Zimmer-Wohnungen")).toBe("in 2- und 3-Zimmer-Wohnungen");
  expect(joinLines("alle 2-", "bis 4 Stunden")).toBe("alle 2- bis 4 Stunden");
  expect(joinLines("Dosis 5 -", "10 mg")).toBe("Dosis 5 - 10 mg");
});
