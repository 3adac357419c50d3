/** Values of `format`: each accepts only what RFC 3339, 5322, 1123, 4122, 2673 and 3986 or OpenAPI's registry accept, in their usual forms. */

const DAYS =
  "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))";
const LEAP_DAY = "(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29";
const DATE = `(?:\\d{4}-${DAYS}|${LEAP_DAY})`;
const TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)";
// Labels may have 63 characters, but a name of four of them no more than 253.
const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,60}[a-zA-Z0-9])?";
const HOST = `${LABEL}(?:\\.${LABEL}){0,3}`;
const BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ATOM = "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+";

const ESCAPE = "%[0-9A-Fa-f]{2}";
const SEGMENT = `(?:[a-zA-Z0-9._~!$&'()*+,;=:@-]|${ESCAPE})*`;
const QUERY = `(?:[a-zA-Z0-9._~!$&'()*+,;=:@/?-]|${ESCAPE})*`;

const STRINGS = {
  date: `^${DATE}$`,
  time: `^${TIME}$`,
  "date-time": `^${DATE}T${TIME}$`,
  email: `^${ATOM}(?:\\.${ATOM}){0,3}@(?:${LABEL}\\.){1,3}${LABEL}$`,
  hostname: `^${HOST}$`,
  ipv4: `^${BYTE}(?:\\.${BYTE}){3}$`,
  uuid: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
  uri: `^https?://${HOST}(?::\\d{1,5})?(?:/${SEGMENT}){0,16}(?:\\?${QUERY})?(?:#${QUERY})?$`,
};

/** Formats of strings, as patterns. */
export const STRING_FORMATS: ReadonlyMap<string, string> = new Map(Object.entries(STRINGS));

export interface NumberFormat {
  readonly isInteger: boolean;
  readonly min: number;
  readonly max: number;
}

/** Formats of numbers. Integers of 64 bits need no limits, because no longer ones are written. */
export const NUMBER_FORMATS: ReadonlyMap<string, NumberFormat> = new Map([
  ["int32", { isInteger: true, min: -(2 ** 31), max: 2 ** 31 - 1 }],
  ["int64", { isInteger: true, min: -Infinity, max: Infinity }],
  ["float", { isInteger: false, min: -Infinity, max: Infinity }],
  ["double", { isInteger: false, min: -Infinity, max: Infinity }],
]);
