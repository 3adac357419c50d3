/** Who wrote a message to whom and when, as lines of text. */

/** As a person reads them: "Anna Weber <a@example.org>". */
export interface Envelope {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly date: SentAt | undefined;
}

/** 2024-03-01, and 10:15 where the message says so. */
export interface SentAt {
  readonly day: string;
  readonly time: string;
}

const ENGLISH = { from: "From", to: "To", cc: "Cc", date: "Date", more: "more" };
const GERMAN: typeof ENGLISH = { from: "Von", to: "An", cc: "Cc", date: "Datum", more: "weitere" };
/** How many senders or recipients are listed; a circular may have thousands. */
const MOST_NAMES = 10;
const LONGEST_NAME = 200;

/** One line for each of these that is known. */
export function envelopeText({ from, to, cc, date }: Envelope, isGerman: boolean): string {
  const words = isGerman ? GERMAN : ENGLISH;
  const list = (names: readonly string[]) => {
    const shown = names.slice(0, MOST_NAMES).map((name) => name.slice(0, LONGEST_NAME));
    const more = names.length - shown.length;
    return [...shown, ...(more > 0 ? [`${more} ${words.more}`] : [])].join(", ");
  };
  const day = isGerman ? date?.day.split("-").reverse().join(".") : date?.day;
  const lines: [string, string][] = [
    [words.from, list(from)],
    [words.to, list(to)],
    [words.cc, list(cc)],
    [words.date, [day, date?.time].filter(Boolean).join(" ")],
  ];
  return lines.flatMap(([label, value]) => (value.trim() === "" ? [] : [`${label}: ${value}`])).join("\n");
}

/** A name and an address as one text; none if both are empty. */
export function nameAndAddress(name: string | undefined, address: string | undefined): string[] {
  const [shown, at] = [oneLine(name), oneLine(address)];
  if (shown === "" || shown === at) return at === "" ? [] : [at];
  return [at === "" ? shown : `${shown} <${at}>`];
}

const oneLine = (text = "") => text.replace(/\s+/g, " ").trim();

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** A date as a header has it ("Fri, 1 Mar 2024 10:15:00 +0100"), in the sender's time. */
export function sentAt(header: string): SentAt | undefined {
  const found = /(\d{1,2})\s+([a-z]{3})[a-z]*\s+(\d{4})(?:\s+(\d{1,2}:\d\d))?/i.exec(header.slice(0, 200));
  const month = MONTHS.indexOf(found?.[2]!.toLowerCase() ?? "") + 1;
  if (!found || month === 0) return undefined;
  const day = [found[3], String(month).padStart(2, "0"), found[1]!.padStart(2, "0")].join("-");
  return { day, time: (found[4] ?? "").padStart(found[4] ? 5 : 0, "0") };
}
