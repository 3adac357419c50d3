import { describe, expect, test } from "vitest";
import { paragraphsOf } from "../../../../main/documents/plain-text.ts";
import { withoutQuotes } from "../../../../main/documents/passages/quotes.ts";
import type { TextRow } from "../../../../main/documents/row.ts";

const mail = (name: string, text: string): TextRow => ({
  kind: "text",
  line: 1,
  document: name,
  blocks: [{ kind: "heading", level: 1, place: 1, text: "Case" }, ...paragraphsOf(text)],
  isRecord: false,
});
const quoted = (text: string) => text.replace(/^/gm, "> ");
/** What is left of each: undefined, if nothing is. */
const left = (mails: readonly TextRow[]) => {
  const { cleaned } = withoutQuotes(mails);
  return mails.map((one) =>
    cleaned
      .get(one)
      ?.blocks.slice(1)
      .map(({ text }) => text)
      .join("\n\n"),
  );
};
const groups = (mails: readonly TextRow[]) => {
  const { cleaned } = withoutQuotes(mails);
  return mails.map((one) => cleaned.get(one)?.group);
};

const FIRST = "The heating of the flat has failed.\nWhen will it be repaired?\n\nIt is cold.";
const SECOND = "The plumber comes on Monday,\nand he brings a new pump.";
const THIRD = "Thank you for that.";
const first = mail("1.eml", FIRST);
const second = mail(
  "2.eml",
  `${SECOND}\n\nOn 1 March 2024 at 10:03 Anna Hill <hill@example.org>\nwrote:\n${quoted(FIRST)}`,
);
const third = mail(
  "3.eml",
  `${THIRD}\n\nAm 2. März schrieb die Verwaltung:\n\n${quoted(`${SECOND}\n\nOn 1 March Anna wrote:\n${quoted(FIRST)}`)}`,
);

describe("A quote", () => {
  test("is left out with the line above it where the quoted message is there; a thread is a group", () => {
    const mails = [third, first, second, mail("4.eml", "Another case altogether.")];
    expect(left(mails)).toEqual([THIRD, FIRST, SECOND, "Another case altogether."]);
    expect(groups(mails)).toEqual(["3.eml", "3.eml", "3.eml", undefined]);
    expect(withoutQuotes(mails).replies).toBe(2);
  });

  test("stays if the message that it quotes is not there, in the one with the fewest quotes", () => {
    expect(left([second])[0]).toBe(
      second.blocks
        .slice(1)
        .map(({ text }) => text)
        .join("\n\n"),
    );
    expect(left([third, second])).toEqual([THIRD, left([second])[0]]);
  });

  test("is found whatever its line ends, and also without marks below the header of the message", () => {
    const header = "Von: Anna Hill\nGesendet: Freitag, 1. März 2024 10:03\nAn: Verwaltung\nBetreff: Case";
    const above = "-----Ursprüngliche Nachricht-----";
    const outlook = mail(
      "5.eml",
      `${SECOND}\n\n${above}\n${header}\n\n${FIRST.replace(/(?<!\n)\n(?!\n)/g, " ")}`,
    );
    expect(left([outlook, first])).toEqual([SECOND, FIRST]);
    const wrapped = mail(
      "6.eml",
      `${SECOND}\n\n${quoted("The heating of\nthe flat has failed. When will\nit be repaired?\n\nIt is\ncold.")}`,
    );
    expect(left([wrapped, first])).toEqual([SECOND, FIRST]);
  });

  test.each([
    "De : Anna Hill\nEnvoyé : vendredi 1 mars 2024 10:03\nÀ : Gérance\nObjet : Case",
    "Da: Anna Hill\nInviato: venerdì 1 marzo 2024 10:03\nA: Gestione\nOggetto: Case",
    "От: Anna Hill\nОтправлено: 1 марта 2024 г. 10:03\nКому: Office\nТема: Case",
    "Le ven. 1 mars 2024 à 10:03, Anna Hill <hill@example.org> a écrit :",
    "pt., 1 mar 2024 o 10:03 Anna Hill <hill@example.org> napisał(a):",
  ])("is found in other languages: %s", (introduction) => {
    expect(left([mail("10.eml", `${SECOND}\n\n${introduction}\n\n${FIRST}`), first])).toEqual([
      SECOND,
      FIRST,
    ]);
  });

  test("stays with answers between its lines", () => {
    const answers = mail(
      "7.eml",
      "> The heating of the flat has failed.\nWe know that.\n> When will it be repaired?\nOn Monday.",
    );
    expect(left([answers, first])).toEqual(["We know that.\nOn Monday.", FIRST]);
  });

  test("is nothing that two messages say themselves, and the envelope of a message is its own", () => {
    const envelope = "Von: Anna Hill\nAn: Verwaltung\nDatum: 01.03.2024 10:03";
    const same = ["8.eml", "9.eml"].map((name) => mail(name, `${envelope}\n\n${FIRST}`));
    expect(left(same)).toEqual([`${envelope}\n\n${FIRST}`, `${envelope}\n\n${FIRST}`]);
    expect(withoutQuotes(same).replies).toBe(0);
  });
});

test("A message that only quotes is left out", () => {
  expect(left([mail("10.eml", quoted(FIRST)), first])).toEqual([undefined, FIRST]);
});
