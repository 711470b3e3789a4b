import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inWorkplace } from "../testing/aicr.ts";

const LINES = "eks\teks\tany\tany\tany\tany\tany\t2\t1\neks-training\teks\tany\ttraining\tany\tany\tany\t2\t1\n";

test("lines for programs in a pipe", async () => {
  await inWorkplace({}, async ({ run }) => {
    expect(await run("recipe list")).toEqual({ exit: 0, out: LINES, err: "" });
  });
});

test("a table on a terminal", async () => {
  await inWorkplace({}, async ({ run }) => {
    expect(await run("recipe list", { tty: true })).toEqual({
      exit: 0,
      out: `NAME           SERVICE   ACCELERATOR   INTENT     OS    PLATFORM   NODES   COMPONENTS   CONSTRAINTS
eks            eks       any           any        any   any        any     2            1
eks-training   eks       any           training   any   any        any     2            1
`,
      err: "",
    });
  });
});

test("filters keep what states them", async () => {
  await inWorkplace({}, async ({ run }) => {
    expect((await run("recipe list --service eks --intent training")).out).toBe(LINES.split("\n")[1] + "\n");
    expect(await run("recipe list --service eks --gpu h100")).toEqual({
      exit: 0,
      out: "",
      err:
        "[cli] warning: no overlay states service=eks, accelerator=h100. " +
        "Covered: service=eks; service=eks, intent=training (aicr recipe list shows what the catalog covers).\n",
    });
    expect((await run("recipe list --gpu h1000")).exit).toBe(2);
  });
});

test("YAML and JSON hold all of it", async () => {
  await inWorkplace({}, async ({ both }) => {
    const yaml = await both("recipe list -t yaml --intent training");
    expect(yaml).toEqual({
      exit: 0,
      out: `- name: eks-training
  file: overlays/eks-training.yaml
  criteria:
    service: eks
    intent: training
  chain:
    - base
    - eks
    - eks-training
  leaf: true
  components: 2
  constraints:
    - name: K8s.server.version
      value: '>= 1.32'
`,
      err: "",
    });
    const json: unknown = JSON.parse((await both("recipe list -t json --intent training")).out);
    expect(json).toMatchObject([{ name: "eks-training", leaf: true, components: 2 }]);
  });
});

test("-o writes a file, as a program would read it", async () => {
  await inWorkplace({}, async ({ both, cwd }) => {
    expect(await both("recipe list -o list.tsv")).toEqual({
      exit: 0,
      out: "",
      err: "[cli] list written: file=list.tsv overlays=2\n",
    });
    expect(await readFile(join(cwd, "list.tsv"), "utf8")).toBe(LINES);
  });
});
