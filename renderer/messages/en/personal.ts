import type { MaskedKind, PersonalKind } from "../../../preload/contract/data/personal.ts";
import { listText } from "../figures.ts";
import { counted } from "./counted.ts";

const places = (one: string, many: string) => (count: number) => counted(count, one, many);

const found: Record<PersonalKind, (places: number) => string> = {
  name: places("name of a person", "names of persons"),
  address: places("address", "addresses"),
  "birth-date": places("date of birth", "dates of birth"),
  email: places("e-mail address", "e-mail addresses"),
  phone: places("phone number", "phone numbers"),
  account: places("account or card number", "account and card numbers"),
  insurance: places("insurance number", "insurance numbers"),
  tax: places("tax number", "tax numbers"),
};

const examples: Record<PersonalKind, string> = {
  name: "Examples of names",
  address: "Examples of addresses",
  "birth-date": "Examples of dates of birth",
  email: "Examples of e-mail addresses",
  phone: "Examples of phone numbers",
  account: "Examples of account numbers",
  insurance: "Examples of insurance numbers",
  tax: "Examples of tax numbers",
};

export const personal = {
  title: "Personal data",
  mask: "Mask personal data",
  maskAbout:
    "It is replaced by masks such as [NAME 3], always the same one for the same person. Coppice does not store which mask stands for whom. Your files are not changed.",
  found,
  examplesOf: (kind: PersonalKind) => examples[kind],
  list: "Names and words to mask",
  listAbout: "One per line. Each is masked wherever it stands as a whole word.",
  onlyBeginnings: "In large files, only the beginning is counted; masking covers all of it.",
  misses:
    "Coppice finds personal data by rules, in English and German, and misses some. A model may know by heart what stood in a single row, so look through the rows before you share it.",
  masked: (kinds: readonly MaskedKind[]) =>
    kinds.length === 0
      ? "No personal data was found to mask."
      : `Masked: ${listText(kinds.map(({ kind, places }) => found[kind](places)))}.`,
};
