/** E-mail addresses. */
import type { Found } from "./found.ts";

const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 255;
const LOCAL = /[\p{L}\p{N}._%+'-]{0,64}$/u;
const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}])/u;

/** Examines the text around each @; "name (at) example.org" is found too. */
export function* emails(text: string): Generator<Found> {
  let from = 0; // an address does not begin within another
  for (const { index, 0: at } of text.matchAll(/@| ?[([](?:at|AT)[)\]] ?/g)) {
    const before = text.slice(Math.max(from, index - LONGEST_LOCAL), index);
    const local = LOCAL.exec(before)![0].replace(/^[.'-]+/, "");
    const end = index + at.length;
    const domain = local === "" ? null : DOMAIN.exec(text.slice(end, end + LONGEST_DOMAIN));
    if (!domain) continue;
    from = end + domain[0].length;
    yield { kind: "email", start: index - local.length, end: from };
  }
}
