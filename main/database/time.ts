/** The current time as the database stores it: ISO 8601 in UTC, which sorts as text. */
export function now(): string {
  return new Date().toISOString();
}

/** Seconds between two stored times. */
export function secondsBetween(start: string, end: string): number {
  return (Date.parse(end) - Date.parse(start)) / 1000;
}
