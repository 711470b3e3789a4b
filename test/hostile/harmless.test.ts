import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseYaml, type Tree } from "@slipway/base";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { call } from "../aicr.ts";
import { built } from "../built.ts";
import { lay, type Content } from "./case.ts";
import { ALONE, CHART, data, recipe } from "./data.ts";

// What looks dangerous, is accepted, and must do no harm.

let binary: readonly string[];
let work: string;

beforeAll(async () => {
  binary = [(await built()).binary];
});

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), "slipway-harmless-"));
});

afterEach(async () => {
  await rm(work, { recursive: true, force: true });
});

interface Accepted {
  readonly name: string;
  readonly recipe?: string;
  readonly files?: Readonly<Record<string, Content>>;
  readonly argv?: readonly string[];
  readonly stderr: string;
  /** Files of the bundle and what they must hold: a text, or what the YAML says. */
  readonly holds: Readonly<Record<string, Tree>>;
}

/** A recipe of one component that nothing is to be said of: it has a version and a namespace. */
function locked(component: string): string {
  return recipe(`namespace: one\nversion: 1.0.0\n${component}`);
}

/** A ConfigMap with a line of data. */
function configMap(name: string, line = ""): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${line === "" ? "" : `data:\n  ${line}\n`}`;
}

function template(name: string, line: string, rendered: string, stderr = ""): Accepted {
  return {
    name: `a manifest with ${name}`,
    recipe: locked("manifestFiles: [components/one/m.yaml]\n"),
    files: { "d/components/one/m.yaml": configMap("one", line) },
    stderr,
    holds: { "one/manifests/m.yaml": configMap("one", rendered) },
  };
}

function outside(path: string): Accepted {
  return {
    name: `the values file ${path}`,
    recipe: locked(`source: https://charts.example.com\nvaluesFile: ${path}\n`),
    files: { "secret.yaml": "password: 1\n" },
    stderr: `[cli] warning: one: installed without values of its own, because: component "one" has the values file "${path}", which the catalog does not have. Add ${path} to the data directory, or name another file.\n`,
    holds: { "one/values.yaml": null },
  };
}

const ACCEPTED: readonly Accepted[] = [
  outside("../secret.yaml"),
  outside("components/one/../../../secret.yaml"),
  outside("/etc/passwd"),
  template(
    "a regular expression that others take years for",
    `a: {{ regexMatch "(a+)+$" "${"a".repeat(40)}!" }}`,
    "a: false",
  ),
  template(
    "a way to the prototype",
    "a: {{ .Values.constructor.constructor }}",
    "a: <no value>",
    "[cli] warning: one: d/components/one/m.yaml renders to <no value>: a value that it reads is not set\n",
  ),
  template("a width of a billion", 'a: "{{ printf "%1000000000d" 1 }}"', 'a: "%!(NOVERB)%!(EXTRA int=1)"'),
  {
    name: "an index of a billion",
    argv: ["--set", "one:a[1000000000]=1"],
    stderr: '[cli] warning: --set one:a[1000000000]=1 is ignored: "a" has 0 items, so [1000000000] would leave a gap\n',
    holds: { "one/values.yaml": { color: "red" } },
  },
  {
    name: "a component named __proto__ to set a value of",
    argv: ["--set", "__proto__:polluted=1"],
    stderr: '[cli] warning: --set __proto__:polluted=1 is ignored: there is no component "__proto__"\n',
    holds: { "one/values.yaml": { color: "red" } },
  },
  {
    name: "values that look like commands, templates and other types",
    argv: ["--set-json", `one:a=["$(id)", "{{ .Values }}", "yes", "1.10", "a\\nb", "\\u001b[31m"]`],
    stderr: "",
    holds: {
      "one/values.yaml": { a: ["$(id)", "{{ .Values }}", "yes", "1.10", "a\nb", "\u001b[31m"], color: "red" },
    },
  },
  {
    name: "two manifests of one name",
    recipe: locked("manifestFiles: [components/one/a/m.yaml, components/one/b/m.yaml]\n"),
    files: { "d/components/one/a/m.yaml": configMap("a"), "d/components/one/b/m.yaml": configMap("b") },
    stderr: "[cli] warning: one: two manifests are named m.yaml; components/one/b/m.yaml is written as m-2.yaml\n",
    holds: { "one/manifests/m.yaml": configMap("a"), "one/manifests/m-2.yaml": configMap("b") },
  },
];

test.each(ACCEPTED.map((accepted) => [accepted.name, accepted] as const))("%s", async (_name, accepted) => {
  await lay(work, {
    ...data(),
    "r.yaml": accepted.recipe ?? locked(CHART.replace("version: 1.0.0\n", "")),
    ...accepted.files,
  });
  const argv = ["bundle", "-r", "r.yaml", "-o", "out", ...ALONE, ...(accepted.argv ?? [])];
  const { exit, stderr } = await call(binary, argv, { cwd: work });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: accepted.stderr });
  for (const [path, content] of Object.entries(accepted.holds)) {
    const text = await readFile(join(work, "out", path), "utf8");
    expect(typeof content === "string" ? text : parseYaml(text)).toEqual(content);
  }
  expect(await call(binary, ["verify", "out"], { cwd: work })).toMatchObject({ exit: 0 });
});
