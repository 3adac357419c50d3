import { initial } from "./0001_initial.ts";

/** One step of the schema: SQL that turns version n into n + 1. */
export type Migration = string;

/** All steps in order; a database's `user_version` is how many of them it has had. */
export const migrations: readonly Migration[] = [initial];
