import { generate } from "./generate.ts";
import { recall, scoreOf } from "./score.ts";
const seed = Number(process.argv[2] ?? 1),
  each = Number(process.argv[3] ?? 20);
for (const l of ["de", "en"] as const) {
  const s = scoreOf(generate(l, seed, each));
  console.log(
    l,
    Object.fromEntries(s.found),
    "ids",
    recall(s, ["address", "birth-date", "email", "phone", "account", "insurance", "tax"]).toFixed(4),
    "names",
    recall(s, ["name"]).toFixed(4),
    "wrong/1000",
    ((1000 * s.wrong.length) / s.words).toFixed(2),
  );
  const show = (xs: string[]) => {
    const step = Math.max(1, Math.floor(xs.length / 25));
    for (let i = 0; i < xs.length; i += step) console.log("   ", xs[i]);
  };
  console.log("missed", s.missed.length);
  show(s.missed);
  console.log("wrong", s.wrong.length);
  show(s.wrong);
}
