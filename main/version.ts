import manifest from "../package.json" with { type: "json" };

/** Of Coppice, as package.json has it. */
export const version: string = manifest.version;
