/** The token that programs send: made when it is first needed, and readable by this account only. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { failedWrite, replaceFileNow } from "../../../native-models/formats/atomic.ts";
import type { Home } from "../../home/home.ts";

type Place = Pick<Home, "serverToken">;

/** Failures: disk-full, unwritable. */
export function serverToken(home: Place): string {
  const kept = existsSync(home.serverToken) ? readFileSync(home.serverToken, "utf8").trim() : "";
  return /^[\da-f]{64}$/.test(kept) ? kept : newServerToken(home);
}

/** Replaces it, so that no program can ask until it has the new one. Failures: disk-full, unwritable. */
export function newServerToken({ serverToken: path }: Place): string {
  const token = randomBytes(32).toString("hex");
  try {
    replaceFileNow(path, token, 0o600);
  } catch (error) {
    return failedWrite(path, error);
  }
  return token;
}
