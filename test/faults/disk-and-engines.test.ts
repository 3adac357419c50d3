import { shortForm } from "./short.ts";

shortForm(({ promise }) => promise > 5);
