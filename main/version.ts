import manifest from "../package.json" with { type: "json" };

/** Coppice's version, from package.json. */
export const version: string = manifest.version;
