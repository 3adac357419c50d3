/** The local server, which the settings `server` and `serverPort` switch. */
import { z } from "zod";
import { call, notification } from "../call.ts";
import { Failure } from "../failures/failure.ts";

/** A program that asked since the server started, by the name that it gives itself: how often and when last, never what. */
export const AskingProgram = z.object({
  program: z.string(),
  requests: z.number(),
  lastAt: z.string(),
  /** Whether it is refused, since the person stopped it. */
  isStopped: z.boolean(),
});
export type AskingProgram = z.infer<typeof AskingProgram>;

export const ServerState = z.object({
  /** "http://127.0.0.1:11535"; null: it does not listen. */
  url: z.string().nullable(),
  /** What programs send. */
  token: z.string().nullable(),
  /** The names of the models that they may ask. */
  models: z.array(z.string()),
  programs: z.array(AskingProgram).readonly(),
  /** How many requests had no token, or were refused for another reason before they were read. */
  refused: z.number(),
  /** Why it does not listen although it should. */
  failure: Failure.nullable(),
});
export type ServerState = z.infer<typeof ServerState>;

export const server = {
  state: call(z.void(), ServerState),
  changed: notification(ServerState),
  /** Ends a program's answers, and refuses it until the server starts again. */
  stopProgram: call(z.object({ program: z.string() }), z.void()),
  /** Replaces the token: no program can ask until it has the new one. */
  renewToken: call(z.void(), z.void()),
};
