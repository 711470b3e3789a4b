import { expect, test } from "vitest";
import { inWorkplace } from "../testing/aicr.ts";

test.each([
  ["components.gpu-operator.version", "v25.10.1\n"],
  [".components.gpu-operator.version", "v25.10.1\n"],
  ["components.gpu-operator.values.toolkit.enabled", "false\n"],
  ["components.gpu-operator.dependencyRefs[0]", "cert-manager\n"],
  [`components."gpu-operator".values.driver`, "version: 580.105.08\n"],
  ["deploymentOrder", "- cert-manager\n- gpu-operator\n"],
  ["components.gpu-operator.version -t json", '"v25.10.1"\n'],
  [
    "components.gpu-operator.values -t json",
    '{\n  "driver": {\n    "version": "580.105.08"\n  },\n  "toolkit": {\n    "enabled": false\n  }\n}\n',
  ],
  ["components.gpu-operator.values.driver.version --set gpuoperator:driver.version=570.10", "570.10\n"],
  [`components.gpu-operator.values.a --set-json 'gpu-operator:a=[1,{"b":null}]'`, "- 1\n- b: null\n"],
  ["components.gpu-operator.values.a --set-file gpu-operator:a=text.txt", "two\nlines\n\n"],
])("query --service eks --selector %s", async (rest, out) => {
  await inWorkplace({ "text.txt": "two\nlines\n" }, async ({ both }) => {
    expect(await both(`query --service eks --selector ${rest}`)).toEqual({ exit: 0, out, err: "" });
  });
});

test("an empty selector is the whole document", async () => {
  await inWorkplace({}, async ({ both }) => {
    const { exit, out } = await both("query --service eks --selector '' -t json");
    expect(exit).toBe(0);
    expect(Object.keys(JSON.parse(out))).toEqual([
      "apiVersion",
      "components",
      "constraints",
      "criteria",
      "deploymentOrder",
      "kind",
      "metadata",
    ]);
  });
});

const PATH = "components.gpu-operator.values.toolkit";

test("--explain says which layers set a value", async () => {
  await inWorkplace({}, async ({ both }) => {
    expect(
      await both(`query --service eks --selector ${PATH} --explain --set gpu-operator:toolkit.enabled=true`),
    ).toEqual({
      exit: 0,
      out: `components.gpu-operator.values.toolkit.enabled: true
    values file components/gpu-operator/values.yaml (chosen by base)  true
    override of eks (overlays/eks.yaml)                               false
  * --set gpu-operator:toolkit.enabled=true                           true
`,
      err: "",
    });
    const json = await both(`query --service eks --selector ${PATH} --explain -t json`);
    expect(JSON.parse(json.out)).toEqual({
      selector: PATH,
      leaves: [
        {
          path: `${PATH}.enabled`,
          value: false,
          steps: [
            {
              layer: "values file",
              file: "components/gpu-operator/values.yaml",
              name: "base",
              value: true,
              decided: false,
            },
            { layer: "override", name: "eks", file: "overlays/eks.yaml", value: false, decided: true },
          ],
        },
      ],
      omitted: 0,
    });
  });
});

test("a value for a component that is not there is named", async () => {
  await inWorkplace({}, async ({ both }) => {
    expect(await both("query --selector deploymentOrder[0] --set gpu-operater:a=1")).toEqual({
      exit: 0,
      out: "cert-manager\n",
      err: '[cli] warning: --set gpu-operater:a=1 is ignored: there is no component "gpu-operater". Did you mean "gpu-operator"?\n',
    });
  });
});

test("what bundle warns of and leaves out, query does too", async () => {
  await inWorkplace({}, async ({ both }) => {
    const set = "--set gpu-operator:enabled=false,cert-manager:a=1,certmanager:b=2,cert-manager:a.b=3";
    expect(await both(`query --selector deploymentOrder ${set}`)).toEqual({
      exit: 0,
      out: "- cert-manager\n",
      err:
        '[cli] warning: --set certmanager:b=2 is ignored: "cert-manager" sets values of cert-manager too, and wins\n' +
        '[cli] warning: --set cert-manager:a.b=3 is ignored: "a" is a number, not a map\n',
    });
    expect(await both("query --selector components.gpu-operator --explain --set gpu-operator:enabled=false")).toEqual({
      exit: 3,
      out: "",
      err: 'error: there is no "components.gpu-operator"\n  --set gpu-operator:enabled=false leaves the component out.\n',
    });
  });
});

test.each([
  [
    "query --service eks",
    2,
    "error: --selector is missing: which value?\n  For example --selector components.gpu-operator.version, or --selector '' for everything.\n",
  ],
  ["query --selector components.gpu-operatr", 3, /Did you mean "components\.gpu-operator"\?/],
  ["query --selector a..b", 3, /^error: /],
  ["query --selector x --set nonsense", 2, /^error: --set: expected KEY:path=value, found "nonsense"\n/],
  ["query --selector x --set-file gpu-operator:a=none.txt", 3, "error: none.txt: no such file or directory\n"],
  ["query --selector x --set a:__proto__.b=1", 2, /the key "__proto__" is not allowed/],
  ["query --selector x -o out.yaml", 2, /^error: unknown flag -o\n/],
])("%s", async (line, exit, err) => {
  await inWorkplace({}, async ({ both }) => {
    const seen = await both(line);
    expect([seen.exit, seen.out]).toEqual([exit, ""]);
    expect(seen.err).toMatch(err);
  });
});
