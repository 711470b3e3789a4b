import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { compactJson, type Tree } from "@slipway/base";
import { anyTree } from "@slipway/base/testing";
import type { KubeObject } from "@slipway/kube";
import fc from "fast-check";
import { expect, test } from "vitest";
import { kubectlBinary } from "../../../../test/tools.ts";
import { outputFormat } from "./format.ts";
import { printObject } from "./print-objects.ts";

const LONG =
  "aaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbb ccccccccccccccccccccccccccc ddddddddd eeeeeeeeeeeee ff";

const OBJECT: KubeObject = {
  apiVersion: "apps.nvidia.com/v1alpha1",
  kind: "NIMService",
  metadata: { name: "x", labels: { a: "1", b: "2", 10: "x", 9: "y" }, managedFields: [{ manager: "x" }] },
  spec: {
    z10: 1,
    z9: 2,
    long: `${LONG} <b> & x`,
    longColon: `a: ${LONG} it's ${LONG}`,
    longTab: `a\t${LONG}`,
    l: ["a", { b: "c", d: ["e", "f"], k: LONG }, LONG, ["x", ["y"]], {}, [], "a\nb"],
    m: "a\nb\n",
    indented: "a\n  b",
    n: "0x1F",
    o: "~",
    p: 1.5,
    r: 1000,
    e: "",
    em: {},
    el: [],
    nul: null,
    t: "2026-11-21T05:00:00Z",
    uni: "é",
    ctl: "\u001b[31mred",
    yes: "yes",
    y: "no",
    "a.b/c": "x",
    conditions: [
      { name: "Ready", n: 3 },
      { name: "Failed", n: 1 },
    ],
  },
};

const TEMPLATES = [
  "{.metadata.name}",
  "{.spec.l}",
  "{.spec.nul}x{.spec.none}y{.spec.p} {.spec.z10}",
  '{.spec}{"\\n"}',
  "{.spec.l[*]}{.spec.l[0,1]}{.spec.l[-1]}",
  '{range .spec.l[*]}{@}{"\\t"}{end}',
  "{..d}|{.kind}",
  '{.spec.conditions[?(@.name=="Ready")].n}{.spec.conditions[?(@.n)].name}',
  "{.spec.conditions[?(@.n>2)].name}{.spec.conditions[?(@.n<=1)].name}{.spec.conditions[?(@.name!='Ready')].n}",
  "{.spec.conditions[?(@.zz==3)].name}{range .spec.conditions[?(@.n==3)]}{.name}{end}",
  "{.metadata['name','labels']}{.metadata.labels['a']}{['metadata']['name']}",
  "{.spec.l.b}{.metadata.name.x}{.spec.nul[0]}{.spec.nul.x}{.spec.nul[*]}",
  "{range .spec.zz[*]}x{end}y",
  '{1}{"a"}{true}{1.50}{$.kind}{@.kind}{-3}',
  "{.spec.a\\.b/c}{.spec['a\\.b/c']}",
  "{.spec.l[0:2]}{.spec.l[::2]}{.spec.l[-2:]}{.spec.l[1:]}{.spec.l[:1]}",
  "{ .kind } {  .metadata.name  }{@}{$}{}",
  "{.spec.conditions[*].name}{.spec.conditions[*]['name','n']}",
  "{range .spec.conditions[*]}{.name}{range @.x}{end}={.n},{end}",
  "{range .spec.conditions[*]}[{.name}{range @.n}{@}{end}]{end}",
  "text only {'it\\'s'}{\"a}b\"}",
  "{.spec..name}{.metadata.labels.10}",
] as const;

/** What the real kubectl prints of an object, without a cluster. */
async function printedByKubectl(kubectl: string, object: KubeObject, output: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-kubectl-"));
  try {
    const file = join(folder, "object.json");
    await writeFile(file, compactJson(object));
    const words = ["label", "--local", "-f", file, "b=2", "--overwrite", "-o", output];
    const env = { KUBECONFIG: join(folder, "none"), HOME: folder };
    const { stdout } = await promisify(execFile)(kubectl, words, { env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function printed(object: KubeObject, output: string): Promise<string> {
  const format = await outputFormat(output, { files: NO_FILES });
  let text = "";
  if (format.kind !== "table")
    printObject({ write: (part) => (text += String(part)), isTerminal: false }, format, object);
  return text;
}

const refuse = (): Promise<never> => Promise.reject(new Error("no file is read"));
const NO_FILES = { info: refuse, list: refuse, read: refuse, write: refuse };

test("what -o prints is what the real kubectl prints", { timeout: 60_000 }, async ({ skip }) => {
  const kubectl = await kubectlBinary();
  if (kubectl === undefined) {
    skip("kubectl cannot be had here");
    return;
  }
  const apart = TEMPLATES.join(`{"\\n--\\n"}`);
  const outputs = ["yaml", "json", "name", `jsonpath=${apart}`, "jsonpath-as-json={.spec.conditions[*].name}"];
  for (const output of outputs)
    expect(await printed(OBJECT, output)).toBe(await printedByKubectl(kubectl, OBJECT, output));
});

test("any object comes out as JSON and YAML that the real kubectl prints", { timeout: 60_000 }, async ({ skip }) => {
  const kubectl = await kubectlBinary();
  if (kubectl === undefined) {
    skip("kubectl cannot be had here");
    return;
  }
  const values = fc.sample(anyTree, { numRuns: 300, seed: 20_260_101 }).filter(isSmall);
  const object: KubeObject = {
    ...OBJECT,
    spec: Object.fromEntries(values.map((value, index) => [`k${index}`, value])),
  };
  expect(await printed(object, "json")).toBe(await printedByKubectl(kubectl, object, "json"));
  expect(await printed(object, "yaml")).toBe(await printedByKubectl(kubectl, object, "yaml"));
});

/** Numbers are left out that a field of Kubernetes cannot have, and signs that no name or message has. */
function isSmall(value: Tree): boolean {
  const text = compactJson(value);
  return !/\d{15}|\de|\d\.\d{12}/.test(text) && !/\\u|[^\u0000-\u007f]/.test(text);
}
