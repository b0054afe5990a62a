import { describe, expect, it } from "vitest";
import { mermaid } from "../../src/graph/index.ts";
import { edge, graph, spec } from "./graphs.ts";

describe("mermaid", () => {
  it("draws kinds of tasks and of edges differently", () => {
    const tasks = [
      spec("days", { kind: "parameter" }),
      spec("TOKEN-1", { name: "TOKEN", kind: "secret" }),
      spec("fetch-1", { name: "fetch", mapped: true }),
      spec("mean-1", { name: "mean" }),
      spec("report-1", { name: "report" }),
    ];
    const edges = [
      edge("days", "fetch-1", { key: "day", mapped: true }),
      edge("TOKEN-1", "fetch-1", { key: "auth.token" }),
      edge("fetch-1", "mean-1", { key: "rows" }),
      edge("mean-1", "report-1"),
    ];
    expect(mermaid(graph(tasks, edges))).toBe(
      [
        "flowchart TD",
        '  n0(["days"])',
        '  n1[/"TOKEN"/]',
        '  n2[["fetch (mapped)"]]',
        '  n3["mean"]',
        '  n4["report"]',
        '  n0 == "day" ==> n2',
        '  n1 -- "auth.token" --> n2',
        '  n2 -- "rows" --> n3',
        "  n3 -.-> n4",
        "",
      ].join("\n"),
    );
  });

  it("lets no name end its label or become markup", () => {
    const text = mermaid(graph([spec("a", { name: 'a"]\n  b["<b>x</b> #35;' })], []));
    expect(text.trimEnd().split("\n")).toHaveLength(2);
    expect(text).toContain("#34;]#10;  b[#34;#60;b#62;x#60;/b#62; #35;35;");
  });
});
