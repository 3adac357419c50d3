/** The places of the window and their addresses, which are the hash of the page's URL. */

export type Route =
  | { page: "library" }
  /** `fresh` begins a new draft. */
  | { page: "model"; fresh?: true }
  | { page: "data" }
  | { page: "target" }
  /** `write` opens the choice of what writes questions from the data set. */
  | { page: "dataSets"; set?: string; write?: true }
  /** Questions that a model wrote, to look through. */
  | { page: "questions"; writing: string }
  | { page: "trim"; run: string }
  /** `improve` opens the choice of corrections. */
  | { page: "result"; run: string; improve?: true }
  | { page: "compare"; runs: string[] }
  /** `model` starts a new conversation with a model; `beside` is a second one. */
  | { page: "chat"; conversation?: string; model?: string; beside?: string }
  | { page: "settings"; section?: string }
  | { page: "licences" };

export type Page = Route["page"];
export type RouteOf<P extends Page> = Extract<Route, { page: P }>;

/** The props of a page. */
export interface PageProps<P extends Page> {
  route: RouteOf<P>;
}

/** The route of a hash such as "#/runs/ID/result"; the library for an invalid address. */
export function routeOf(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [first, second, third] = path.split("/").map(decoded);
  const asked = new URLSearchParams(query);
  switch (first) {
    case "new":
      if (second === "data" || second === "target") return { page: second };
      return { page: "model", ...(asked.has("fresh") ? { fresh: true } : {}) };
    case "runs":
      if (!second) return { page: "library" };
      if (third !== "result") return { page: "trim", run: second };
      return { page: "result", run: second, ...(asked.has("improve") ? { improve: true } : {}) };
    case "data-sets":
      return {
        page: "dataSets",
        ...(second ? { set: second } : {}),
        ...(asked.has("write") ? { write: true } : {}),
      };
    case "questions":
      return second ? { page: "questions", writing: second } : { page: "dataSets" };
    case "compare":
      return { page: "compare", runs: (asked.get("runs") ?? "").split(",").filter(Boolean) };
    case "chat":
      return {
        page: "chat",
        ...(second ? { conversation: second } : {}),
        ...given("model", asked.get("model")),
        ...given("beside", asked.get("beside")),
      };
    case "settings":
      return { page: "settings", ...(second ? { section: second } : {}) };
    case "licences":
      return { page: "licences" };
    default:
      return { page: "library" };
  }
}

/** The hash of a route: `routeOf(hashOf(route))` is `route`. */
export function hashOf(route: Route): string {
  switch (route.page) {
    case "library":
      return "#/library";
    case "model":
      return `#/new/model${query({ fresh: route.fresh && "draft" })}`;
    case "data":
    case "target":
      return `#/new/${route.page}`;
    case "trim":
      return `#/runs/${encodeURIComponent(route.run)}`;
    case "result":
      return `#/runs/${encodeURIComponent(route.run)}/result${query({ improve: route.improve && "corrections" })}`;
    case "dataSets":
      return `#/data-sets${part(route.set)}${query({ write: route.write && "questions" })}`;
    case "questions":
      return `#/questions${part(route.writing)}`;
    case "compare":
      return `#/compare${query({ runs: route.runs.join(",") })}`;
    case "chat":
      return `#/chat${part(route.conversation)}${query({ model: route.model, beside: route.beside })}`;
    case "settings":
      return `#/settings${part(route.section)}`;
    case "licences":
      return "#/licences";
  }
}

function given<K extends string>(key: K, value: string | null): { [key in K]?: string } {
  return value ? ({ [key]: value } as { [key in K]?: string }) : {};
}

/** Decodes a part of a hash; empty for an invalid encoding, such as half a character. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

function part(name: string | undefined): string {
  return name === undefined ? "" : `/${encodeURIComponent(name)}`;
}

function query(values: Record<string, string | undefined>): string {
  const asked = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value) asked.set(key, value);
  const text = asked.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}
