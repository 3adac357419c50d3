import { fileURLToPath } from "node:url";

/** The repository's root, which is also the application's folder. */
export const root = fileURLToPath(new URL("..", import.meta.url));
