/** The little grammar that the sample's texts need: articles, plurals, number words, lists, filled templates. */

const smallNumbers =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** A whole number from 0 to 999 in words: "forty-two", "three hundred and five". */
export function numberWord(value: number): string {
  if (value < 20) return smallNumbers[value]!;
  if (value < 100) return tens[Math.floor(value / 10)]! + (value % 10 ? `-${smallNumbers[value % 10]!}` : "");
  const rest = value % 100;
  return `${smallNumbers[Math.floor(value / 100)]!} hundred${rest ? ` and ${numberWord(rest)}` : ""}`;
}

/** "an apple", "a saw": the article by the first letter, which is enough for the sample's own words. */
export function withArticle(phrase: string): string {
  return `${/^[aeiou]/.test(phrase) ? "an" : "a"} ${phrase}`;
}

/** The regular plural: "boxes", "berries", "saws". */
export function plural(noun: string): string {
  if (/(s|x|ch|sh)$/.test(noun)) return `${noun}es`;
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return `${noun}s`;
}

/** "one mark", "six marks". */
export function counted(value: number, noun: string): string {
  return `${numberWord(value)} ${value === 1 ? noun : plural(noun)}`;
}

/** "a, b and c". */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)!}`;
}

/** The first letter as a capital. */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Replaces every {slot} and begins each sentence with a capital. Throws an Error for a slot that has no value. */
export function fill(template: string, slots: Readonly<Record<string, string>>): string {
  const text = template.replace(/\{(\w+)\}/g, (_, slot: string) => {
    const value = slots[slot];
    if (value === undefined) throw new Error(`No value for {${slot}} in: ${template}`);
    return value;
  });
  return text.replace(
    /(^|[.?!] )([a-z])/g,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}
