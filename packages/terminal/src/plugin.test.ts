import { expect, test } from "vitest";
import type { Command, Program } from "./command.ts";
import { completeWords, printCompletion } from "./completion/complete.ts";
import { listFlag, switchFlag, textFlag, type CompletionLine, type Suggestion } from "./flag.ts";
import { nodeFiles } from "./node-files.ts";
import { runProgram } from "./program.ts";
import { fakeIo } from "./testing/index.ts";

// What a plugin of kubectl needs beside aicr's command lines: flags before the command, groups, other names, lists of names.

const NAMESPACE = textFlag("namespace", {
  summary: "where",
  group: "Cluster",
  placeholder: "NAME",
  short: "n",
  completion: async () => [{ value: "gpu" }],
});
const INSECURE = switchFlag("insecure", { summary: "trust anybody", group: "Cluster", hidden: true });
const TAG = textFlag("tag", { summary: "tag", group: "Image", placeholder: "TAG" });
const LABELS = listFlag("labels", { summary: "labels", group: "Image", placeholder: "K=V", split: true });

async function namesIn(_: string, { args, read }: CompletionLine): Promise<readonly Suggestion[]> {
  return [{ value: `llama-${read(NAMESPACE) ?? "default"}-${args.join("-")}` }];
}

const service: Command = {
  description: "Creates a service.",
  flags: [TAG, LABELS],
  args: [{ name: "NAME", summary: "its name", required: true }],
  run: async ({ io, read, args, log }) => {
    log.warn("made by hand");
    io.stdout.write(`${args.join(" ")} in ${read(NAMESPACE) ?? "default"} tag ${read(TAG) ?? "none"}\n`);
    return Promise.resolve("DONE");
  },
};

const create: Command = {
  description: "Creates things.",
  flags: [],
  subcommands: [
    { name: "service", aliases: ["services"], summary: "a service", load: () => Promise.resolve(service) },
    { name: "cache", summary: "a cache", load: () => Promise.resolve(service) },
  ],
};

const remove: Command = {
  description: "Deletes things.",
  flags: [],
  args: [
    { name: "KIND", summary: "what kind", required: true },
    { name: "NAME", summary: "its name", required: false, many: true, completion: namesIn },
  ],
  run: async ({ io, args, read }) => {
    io.stdout.write(`${args.join(" ")} ${read(INSECURE)}\n`);
    return Promise.resolve("DONE");
  },
};

const PROGRAM: Program = {
  name: "kubectl plug",
  description: "Does things.",
  version: "1",
  versionText: "1",
  envPrefix: "PLUG",
  messagePrefix: "",
  persistentFlags: [NAMESPACE, INSECURE],
  commands: [
    { name: "create", summary: "create things", load: () => Promise.resolve(create) },
    { name: "delete", aliases: ["remove"], summary: "delete things", load: () => Promise.resolve(remove) },
  ],
};

async function run(line: string) {
  const io = fakeIo();
  const deps = { io, clock: { now: () => new Date(0) }, files: nodeFiles({ cwd: "/" }) };
  const exit = await runProgram(PROGRAM, deps, line === "" ? [] : line.split(" "));
  return { exit, out: io.out, err: io.err };
}

const WARNING = "warning: made by hand\n";

test.each([
  "create service a -n gpu",
  "-n gpu create service a",
  "--namespace gpu create service a",
  "-ngpu create service a",
  "create -n gpu service a",
  "create --namespace=gpu services a",
])("%s", async (line) => {
  expect(await run(line)).toEqual({ exit: 0, out: "a in gpu tag none\n", err: WARNING });
});

test.each([
  ["delete kind a b c", "kind a b c false\n"],
  ["remove kind --insecure", "kind true\n"],
  ["--insecure delete kind -- -a", "kind -a true\n"],
])("%s", async (line, out) => {
  expect(await run(line)).toEqual({ exit: 0, out, err: "" });
});

test.each([
  ["create", "Creates things."],
  ["create -n gpu", "Creates things."],
  ["create services -h", "Creates a service."],
  ["create service --help", "Creates a service."],
])("%s shows help", async (line, first) => {
  const { exit, out, err } = await run(line);
  expect([exit, err]).toEqual([0, ""]);
  expect(out).toContain(first);
});

test.each([
  [
    "-n delete kind a",
    'error: unknown command "kind": -n took "delete" as its value\n  Give -n a value: kubectl plug -n VALUE delete kind\n',
  ],
  [
    "--namespace remove kind",
    'error: unknown command "kind": --namespace took "remove" as its value\n  Give --namespace a value: kubectl plug --namespace VALUE remove kind\n',
  ],
  ["-n gpu creat", 'error: unknown command "creat"\n  Did you mean "create"?\n'],
])("%s is refused", async (line, err) => {
  expect(await run(line)).toEqual({ exit: 2, out: "", err });
});

test("help of a group and of a command with many names", async () => {
  expect((await run("create")).out).toBe(`Usage: kubectl plug create COMMAND [flags]

Creates things.

Cluster:
  -n, --namespace NAME  where

Global:
      --debug           say more, as key=value records (env PLUG_DEBUG)
      --log-json        write messages as JSON lines (env PLUG_LOG_JSON)
  -h, --help            show help

Commands:
  service               a service
  cache                 a cache
`);
  expect((await run("delete --help")).out.split("\n")[0]).toBe("Usage: kubectl plug delete <KIND> [NAME...] [flags]");
});

test.each([
  ["create servce a", 'kubectl plug create has no command "servce"', 'Did you mean "service"?'],
  ["create zzzzzzzz", 'kubectl plug create has no command "zzzzzzzz"', "It has: service, cache."],
  ["remov kind", 'unknown command "remov"', 'Did you mean "remove"?'],
  ["delete", "KIND is missing: what kind", "Usage: kubectl plug delete KIND [NAME...]"],
  ["create service", "NAME is missing: its name", "Usage: kubectl plug create service NAME"],
])("%s is refused", async (line, message, hint) => {
  expect(await run(line)).toEqual({ exit: 2, out: "", err: `error: ${message}\n  ${hint}\n` });
});

test.each([
  ["", "create\tcreate things\ndelete\tdelete things\n:4\n"],
  ["-n ", "gpu\n:4\n"],
  ["-n gpu cr", "create\tcreate things\n:4\n"],
  ["create ", "service\ta service\ncache\ta cache\n:4\n"],
  ["create -n gpu ser", "service\ta service\n:4\n"],
  ["create service a --na", "--namespace\twhere\n:4\n"],
  ["create service --namespace ", "gpu\n:4\n"],
  ["remove kind a ll", "llama-default-kind-a\n:4\n"],
  ["-n gpu delete kind ll", "llama-gpu-kind\n:4\n"],
  ["delete -n lab kind --nonsense ll", "llama-default-\n:4\n"],
  ["--n", "--namespace\twhere\n:4\n"],
])("%j is completed", async (line, answer) => {
  expect(printCompletion(await completeWords(PROGRAM, line.split(" ")))).toBe(answer);
});
