/** A config.json as upstream's strict readers want it. */
import type { Architecture, JsonObject } from "./architectures/architecture.ts";

/** The text of a configuration. JavaScript writes 30.0 as 30, which transformers refuses for some keys. */
export function configText(json: JsonObject, { decimals = [] }: Pick<Architecture, "decimals">): string {
  const text = JSON.stringify(json, null, 2);
  const whole = new RegExp(`("(?:${decimals.join("|")})": -?\\d+)(?=,?$)`, "gm");
  return `${decimals.length > 0 ? text.replace(whole, "$1.0") : text}\n`;
}
