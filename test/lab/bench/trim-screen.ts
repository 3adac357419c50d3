/** How busy the window's main thread is while it shows a training run. */
import { openApplication } from "./harness/application.ts";
import type { Benchmark } from "./harness/benchmark.ts";
import { median } from "./harness/paired.ts";

export const SECONDS = 20;
/** What the browser calls a long task. */
const LONG_MS = 50;
const NAME = "a run of the sample";

type Span = Readonly<Record<"script" | "style" | "layout", number>> & {
  readonly longTasks: readonly number[];
};

export const trimScreen: Benchmark = {
  name: "trim-screen",
  timed: true,
  measures:
    `The window's main thread during ${SECONDS} s in which the application trains the built-in sample on all cores at the trainer's low ` +
    "priority, with the run's charts, layer map and figures visible. Rendered in software, without a graphics card.",
  columns: [
    { key: "longTasks", title: `tasks over ${LONG_MS} ms, mean`, unit: "number" },
    { key: "longest", title: "longest of them", unit: "ms" },
    { key: "script", title: "script", unit: "ms" },
    { key: "style", title: "style", unit: "ms" },
    { key: "layout", title: "layout", unit: "ms" },
  ],
  targets: [{ row: NAME, column: "longTasks", atMost: 0 }],

  async run(context) {
    const spans = await openApplication<Span[]>(context, "open-trim-screen.ts");
    const long = spans.flatMap(({ longTasks }) => longTasks);
    context.say(`tasks over ${LONG_MS} ms in ${spans.length} × ${SECONDS} s: ${long.join(", ") || "none"}`);
    const middle = (figure: (span: Span) => number) => median(spans.map(figure));
    return [
      {
        name: NAME,
        figures: {
          longTasks: long.length / spans.length,
          longest: long.length > 0 ? Math.max(...long) : null,
          script: middle(({ script }) => script),
          style: middle(({ style }) => style),
          layout: middle(({ layout }) => layout),
        },
      },
    ];
  },
};
