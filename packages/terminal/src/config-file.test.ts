import { rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { readConfiguration } from "./config-file.ts";
import { configurationFiles } from "./config-path.ts";
import { listFlag, switchFlag, textFlag } from "./flag.ts";
import { nodeFiles } from "./node-files.ts";
import { withDirectory } from "./testing/index.ts";

const KNOWN = [
  textFlag("accelerator", { summary: "", group: "", placeholder: "X", aliases: ["gpu"] }),
  textFlag("release", { summary: "", group: "", placeholder: "X" }),
  listFlag("set", { summary: "", group: "", placeholder: "X", split: true }),
  switchFlag("debug", { summary: "", group: "" }),
];

async function read(text: string) {
  return withDirectory({ "c.yaml": text }, async (cwd) => {
    const { defaults, warnings } = await readConfiguration(nodeFiles({ cwd }), "c.yaml", KNOWN, ["server"]);
    return { defaults: Object.fromEntries(defaults), warnings };
  });
}

const given = (field: string, ...texts: string[]) =>
  texts.map((text) => ({ text, origin: `c.yaml: defaults.${field}` }));

test("flags by name or alias; text stays as it was written", async () => {
  expect(await read("defaults:\n  gpu: h100\n  release: 1.10\n  debug: true\n")).toEqual({
    defaults: { accelerator: given("gpu", "h100"), release: given("release", "1.10"), debug: given("debug", "true") },
    warnings: [],
  });
});

test("a flag that may be repeated takes a list or one text", async () => {
  expect((await read("defaults: {set: [a, b]}")).defaults).toEqual({
    set: [
      { text: "a", origin: "c.yaml: defaults.set" },
      { text: "b", origin: "c.yaml: defaults.set" },
    ],
  });
  expect((await read("defaults: {set: a}")).defaults).toEqual({ set: given("set", "a") });
});

test("null, an empty section and an empty file say nothing", async () => {
  for (const text of ["", "defaults:\n", "defaults: {gpu: null}"])
    expect(await read(text)).toEqual({ defaults: {}, warnings: [] });
});

test("a section without effect is warned of", async () => {
  expect(await read("server: {url: https://example.com}")).toEqual({
    defaults: {},
    warnings: ["c.yaml: server has no effect in this program"],
  });
});

test.each([
  ["defaults:\n  gpo: h100\n", 'c.yaml:2:3: defaults.gpo: unknown key "gpo"\nDid you mean "gpu"?'],
  ["default: {}\n", 'c.yaml:1:1: default: unknown key "default"\nDid you mean "defaults"?'],
  [
    "defaults: {zzzzzzzz: 1}\n",
    'c.yaml:1:12: defaults.zzzzzzzz: unknown key "zzzzzzzz"\nKnown here: accelerator, debug, gpu, release, set.',
  ],
  [
    "defaults:\n  accelerator: a\n  gpu: b\n",
    "c.yaml:3:3: defaults.gpu: gpu and accelerator are the same flag: give one of them",
  ],
  ["defaults:\n  gpu: [a]\n", "c.yaml:2:3: defaults.gpu: expected text, found a list"],
  ["defaults: text\n", "c.yaml:1:1: defaults: expected a map, found text"],
  ["- a\n", "c.yaml:1:1: expected a map, found a list"],
])("refuses %j", async (text, described) => {
  const error = await rejectionOf(read(text));
  expect([error.code, error.describe()]).toEqual(["INVALID_INPUT", described]);
});

test.each(["defaults: {__proto__: 1}", "defaults: {constructor: {a: 1}}", "a: &a [*a]", "a: [", "\0"])(
  "refuses hostile text %j",
  async (text) => {
    expect((await rejectionOf(read(text))).code).toBe("INVALID_INPUT");
  },
);

test("refuses bytes that are not UTF-8", async () => {
  await withDirectory({}, async (cwd) => {
    const files = { ...nodeFiles({ cwd }), read: async () => Promise.resolve(Uint8Array.of(0x61, 0xff)) };
    expect((await rejectionOf(readConfiguration(files, "c.yaml", KNOWN, []))).describe()).toBe(
      "c.yaml: expected UTF-8 text, found other bytes",
    );
  });
});

test("where the user's file is", async () => {
  await withDirectory({ "x/tool/config.yaml": "", "h/.config/tool/config.yaml": "" }, async (cwd) => {
    const files = nodeFiles({ cwd });
    const paths = (platform: string, env: Record<string, string>, named?: string) =>
      configurationFiles(files, { platform, env }, "tool", named);
    expect(await paths("linux", { XDG_CONFIG_HOME: `${cwd}/x`, HOME: `${cwd}/h` })).toEqual([
      `${cwd}/x/tool/config.yaml`,
    ]);
    expect(await paths("linux", { XDG_CONFIG_HOME: "", HOME: `${cwd}/h` })).toEqual([
      `${cwd}/h/.config/tool/config.yaml`,
    ]);
    expect(await paths("win32", { APPDATA: `${cwd}/x`, HOME: `${cwd}/h` })).toEqual([`${cwd}/x/tool/config.yaml`]);
    expect(await paths("win32", { HOME: `${cwd}/h` })).toEqual([]);
    expect(await paths("linux", {})).toEqual([]);
    expect(await paths("linux", { HOME: `${cwd}/h` }, "a.yaml")).toEqual([
      "a.yaml",
      `${cwd}/h/.config/tool/config.yaml`,
    ]);
    expect(await paths("linux", { HOME: `${cwd}/none` }, " ")).toEqual([]);
  });
});
