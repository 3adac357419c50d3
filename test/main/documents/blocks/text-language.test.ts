import { describe, expect, test } from "vitest";
import { isGerman, languageOf } from "../../../../main/documents/blocks/text-language.ts";

describe("A text is", () => {
  test.each([
    "Patient in gutem AZ und EZ. Abdomen weich, kein Druckschmerz. Pulse in allen Etagen tastbar.",
    "Der Mieter darf in der Wohnung an Sonntagen keine Bohrmaschine in Betrieb nehmen.",
    "Herztöne rein, Lunge frei. Kontrolle in 3 Wochen a. m.",
    "Stent in RIVA, an Tag 2 Belastung im Sitzen.",
  ])("German: %s", (text) => expect(isGerman(text)).toBe(true));

  test.each([
    "Patient in good condition. Abdomen soft, no tenderness. Pulses in all limbs palpable.",
    "A tenant may not use an electric drill in the flat on Sundays.",
    "The Röntgen was a German unit in use at the time.",
    "Vitals stable.",
  ])("not German: %s", (text) => expect(isGerman(text)).toBe(false));

  test.each([
    ["fr", "Le locataire paie le loyer des lieux et des charges. On ne peut pas le céder."],
    ["it", "Il conduttore paga il canone della casa e delle spese."],
    ["pl", "Najemca, który nie płaci, traci lokal przez to, że się spóźnia."],
    ["sv", "Hyresgästen betalar hyran för lägenheten och får inte överlåta den."],
    ["other", "Nájemce je povinen platit nájemné řádně a včas."],
    ["de", "LE ausgeschlossen, Z. n. LE, LA und EL erweitert, Na und K im Normbereich"],
    ["de", "Vertrag mit der Firma Pâtisserie Étoile, Genève"],
    [null, "Vitals stable."],
  ])("in %s: %s", (language, text) => expect(languageOf(text)).toBe(language));
});
