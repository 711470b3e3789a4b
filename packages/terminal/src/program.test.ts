import { SlipwayError } from "@slipway/base";
import { expect, test } from "vitest";
import type { Command, Program } from "./command.ts";
import { choiceFlag, listFlag, textFlag } from "./flag.ts";
import { nodeFiles } from "./node-files.ts";
import { runProgram } from "./program.ts";
import { fakeIo, withDirectory, type FakeIoOptions } from "./testing/index.ts";

const CONFIG = textFlag("config", { summary: "file with defaults", group: "Global", placeholder: "FILE" });
const GPU = textFlag("accelerator", { summary: "GPU", group: "Criteria", placeholder: "GPU", aliases: ["gpu"] });
const FORMAT = choiceFlag("format", ["yaml", "json"], "yaml", {
  summary: "form of the result",
  group: "Output",
  placeholder: "FORMAT",
  short: "t",
});
const SET = listFlag("set", { summary: "values", group: "Values", placeholder: "X", split: true });
const BAD = textFlag("secret", { summary: "nobody sees it", group: "Output", placeholder: "X", hidden: true });

const show: Command = {
  description: "Shows what it was given.",
  flags: [GPU, FORMAT, SET, BAD, CONFIG],
  args: [{ name: "PLACE", summary: "where to look", required: false }],
  examples: [{ meaning: "all of it", command: "tool show --gpu h100" }],
  subcommands: [{ name: "more", summary: "show more", load: () => Promise.resolve(more) }],
  run: async ({ io, read, args, log }) => {
    log.debug("showing", { format: read(FORMAT) });
    io.stdout.write(`${read(GPU) ?? "no gpu"} ${read(FORMAT)} [${read(SET).join(" ")}] ${args.join(" ")}\n`);
    return Promise.resolve("DONE");
  },
};

const more: Command = {
  description: "Shows more.",
  flags: [],
  args: [{ name: "THING", summary: "what to show", required: true }],
  run: async ({ io, args }) => {
    io.stdout.write(`more ${args.join(" ")}\n`);
    return Promise.resolve("ANSWER_IS_NO");
  },
};

const failing = (reason: unknown): Command => ({
  description: "Fails.",
  flags: [],
  run: () => Promise.reject(reason),
});

const PROGRAM: Program = {
  name: "tool",
  description: "Does things.",
  version: "1.2.3",
  versionText: "tool version 1.2.3 (commit abc, 2026-01-02)",
  envPrefix: "TOOL",
  configuration: { flag: CONFIG, ignoredSections: ["server"] },
  commands: [
    { name: "show", summary: "show things", load: () => Promise.resolve(show) },
    {
      name: "missing",
      summary: "cannot find it",
      load: () => Promise.resolve(failing(new SlipwayError("NOT_FOUND", "it is gone", { hint: "Look elsewhere." }))),
    },
    { name: "crash", summary: "has a bug", load: () => Promise.resolve(failing(new TypeError("x is undefined"))) },
    { name: "odd", summary: "throws a text", load: () => Promise.resolve(failing("a text")) },
  ],
  examples: [{ meaning: "a start", command: "tool show" }],
};

const clock = { now: () => new Date("2026-01-02T03:04:05.678Z") };

async function run(words: readonly string[], options: FakeIoOptions = {}) {
  const io = fakeIo(options);
  const exit = await runProgram(PROGRAM, { io, clock, files: nodeFiles({ cwd: options.cwd ?? "/" }) }, words);
  return { exit, out: io.out, err: io.err };
}

test("a command gets its flags and arguments", async () => {
  expect(await run(["show", "--gpu", "h100", "-tjson", "--set", "a,b", "here"])).toEqual({
    exit: 0,
    out: "h100 json [a b] here\n",
    err: "",
  });
});

test("words that a command does not take are refused: half an answer would look like a whole one", async () => {
  expect(await run(["show", "here", "there", "too"])).toEqual({
    exit: 2,
    out: "",
    err:
      'error: tool show takes one PLACE; what is "there", "too"?\n' +
      "  Usage: tool show [PLACE]. For more than one, run it once for each.\n",
  });
});

test("a command inside a command; its answer is the exit status", async () => {
  expect(await run(["show", "more", "x"])).toEqual({ exit: 1, out: "more x\n", err: "" });
});

test("a missing argument", async () => {
  expect(await run(["show", "more"])).toEqual({
    exit: 2,
    out: "",
    err: "error: THING is missing: what to show\n  Usage: tool show more THING\n",
  });
});

test.each([
  [["sho"], 'error: unknown command "sho"\n  Did you mean "show"?\n'],
  [["help"], 'error: unknown command "help"\n  Run "tool --help" to see the commands.\n'],
  [["constructor"], 'error: unknown command "constructor"\n  Run "tool --help" to see the commands.\n'],
  [["show", "--gpo", "x"], 'error: unknown flag --gpo\n  Did you mean "--gpu"?\n'],
  [["show", "--format", "YAML"], 'error: --format takes yaml or json, not "YAML"\n  Did you mean "yaml"?\n'],
])("wrong usage ends with 2: %j", async (words, err) => {
  expect(await run(words)).toEqual({ exit: 2, out: "", err });
});

test("a failure is told on standard error, with the status of its code", async () => {
  expect(await run(["missing"])).toEqual({ exit: 3, out: "", err: "error: it is gone\n  Look elsewhere.\n" });
});

test.each([
  ["crash", "x is undefined"],
  ["odd", "a text"],
])("a bug ends with 8 and says what to report: %s", async (command, message) => {
  expect(await run([command])).toEqual({
    exit: 8,
    out: "",
    err: `error: ${message}\n  This is a bug in tool 1.2.3. Please report it with this command line and what it prints with --debug.\n`,
  });
});

test("whatever fails after an interruption is an interruption", async () => {
  const stop = new AbortController();
  stop.abort();
  expect(await run(["missing"], { signal: stop.signal })).toEqual({ exit: 130, out: "", err: "error: interrupted\n" });
});

test.each([[["--debug", "show"]], [["show", "--debug"]], [["show", "--debug=true"]]])(
  "--debug may stand anywhere: %j",
  async (words) => {
    expect(await run(words)).toEqual({
      exit: 0,
      out: "no gpu yaml [] \n",
      err: "time=2026-01-02T03:04:05.678Z level=DEBUG msg=showing module=tool version=1.2.3 format=yaml\n",
    });
  },
);

test("the environment can ask for it too, and the command line wins", async () => {
  const env = { TOOL_DEBUG: "1" };
  expect((await run(["show"], { env })).err).toContain("level=DEBUG");
  expect((await run(["show", "--debug=false"], { env })).err).toBe("");
});

test("a mistake in the flags is reported in the form that was asked for", async () => {
  const { exit, out, err } = await run(["show", "--gpo", "x", "--log-json"]);
  expect([exit, out, JSON.parse(err)]).toEqual([
    2,
    "",
    {
      time: "2026-01-02T03:04:05.678Z",
      level: "ERROR",
      msg: "command failed",
      module: "tool",
      version: "1.2.3",
      error: "unknown flag --gpo",
      code: "USAGE",
      hint: 'Did you mean "--gpu"?',
      exitCode: 2,
    },
  ]);
});

test("a wrong value in the environment names the variable", async () => {
  expect(await run(["show"], { env: { TOOL_DEBUG: "maybe" } })).toEqual({
    exit: 2,
    out: "",
    err: 'error: TOOL_DEBUG takes true or false, not "maybe"\n',
  });
});

test.each([["--version"], ["-v"]])("%s", async (flag) => {
  expect(await run([flag])).toEqual({ exit: 0, out: "tool version 1.2.3 (commit abc, 2026-01-02)\n", err: "" });
});

const HELP = `Usage: tool COMMAND [flags]

Does things.

Global:
      --config FILE  file with defaults
      --debug        say more, as key=value records (env TOOL_DEBUG)
      --log-json     write messages as JSON lines (env TOOL_LOG_JSON)
  -h, --help         show help
  -v, --version      show version, commit and date

Commands:
  show               show things
  missing            cannot find it
  crash              has a bug
  odd                throws a text

Examples:
  # a start
  tool show

Run "tool COMMAND --help" for the flags of a command.
`;

test.each([[[]], [["--help"]], [["-h"]]])("help of the program: %j", async (words) => {
  expect(await run(words)).toEqual({ exit: 0, out: HELP, err: "" });
});

const SHOW_HELP = `Usage: tool show [PLACE] [flags]

Shows what it was given.

Arguments:
  PLACE                         where to look

Criteria:
      --accelerator, --gpu GPU  GPU

Output:
  -t, --format FORMAT           form of the result (one of yaml, json; default yaml)

Values:
      --set X                   values (repeatable)

Global:
      --config FILE             file with defaults
      --debug                   say more, as key=value records (env TOOL_DEBUG)
      --log-json                write messages as JSON lines (env TOOL_LOG_JSON)
  -h, --help                    show help

Commands:
  more                          show more

Examples:
  # all of it
  tool show --gpu h100
`;

test.each([[["show", "--help"]], [["show", "help"]], [["show", "--nonsense", "-h"]]])(
  "help of a command, whatever else is wrong: %j",
  async (words) => {
    expect(await run(words)).toEqual({ exit: 0, out: SHOW_HELP, err: "" });
  },
);

test("help has bold headings on a terminal, and keeps to its width", async () => {
  const { out } = await run([], { tty: true, columns: 70 });
  expect(out).toContain("\u001b[1mCommands:\u001b[22m");
  // oxlint-disable-next-line no-control-regex -- colours take no room
  expect(Math.max(...out.split("\n").map((line) => line.replaceAll(/\u001b\[\d+m/g, "").length))).toBeLessThanOrEqual(
    70,
  );
});

test("defaults: command line, then environment, then the named file, then the user's own", async () => {
  const files = {
    "home/.config/tool/config.yaml": "defaults:\n  gpu: l40\n  format: json\n  set: [a, b]\n",
    "named.yaml": "defaults:\n  accelerator: h100\n",
  };
  await withDirectory(files, async (cwd) => {
    const env = { HOME: `${cwd}/home` };
    expect(await run(["show"], { cwd, env })).toEqual({ exit: 0, out: "l40 json [a b] \n", err: "" });
    expect((await run(["show", "--config", "named.yaml"], { cwd, env })).out).toBe("h100 json [a b] \n");
    expect((await run(["show", "--config=named.yaml", "--gpu", "", "--set=c"], { cwd, env })).out).toBe(" json [c] \n");
    expect((await run(["show"], { cwd, env: { XDG_CONFIG_HOME: `${cwd}/elsewhere`, ...env } })).out).toBe(
      "no gpu yaml [] \n",
    );
  });
});

test("a wrong value in a file names the file and the key", async () => {
  await withDirectory({ "c.yaml": "defaults:\n  format: xml\n" }, async (cwd) => {
    expect(await run(["show", "--config", "c.yaml"], { cwd })).toEqual({
      exit: 2,
      out: "",
      err: 'error: c.yaml: defaults.format takes yaml or json, not "xml"\n  Did you mean "yaml"?\n',
    });
  });
});

test("a file of the user's own that cannot be read says how to go on; with a named one it is left out", async () => {
  const files = { "home/.config/tool/config.yaml": "defaults: [\n", "named.yaml": "defaults: {gpu: h100}\n" };
  await withDirectory(files, async (cwd) => {
    const env = { HOME: `${cwd}/home` };
    const at = `${cwd}/home/.config/tool/config.yaml`;
    const { exit, err } = await run(["show"], { cwd, env });
    expect([exit, err.startsWith(`error: ${at}:2:1: `)]).toEqual([2, true]);
    expect(err).toContain("Mend it or move it away; with --config FILE it is left out.\n");
    const named = await run(["show", "--config", "named.yaml"], { cwd, env });
    expect([named.exit, named.out]).toEqual([0, "h100 yaml [] \n"]);
    expect(named.err).toContain(`[cli] warning: your own configuration is left out: ${at}:2:1: `);
    expect(await run(["missing"], { cwd, env })).toMatchObject({ exit: 3 });
    expect((await run(["--version"], { cwd, env })).exit).toBe(0);
    expect((await run(["show", "--help"], { cwd, env })).exit).toBe(0);
  });
});

test("the flag for a configuration file may stand before the command, no other with a value may", async () => {
  await withDirectory({ "named.yaml": "defaults: {gpu: h100}\n" }, async (cwd) => {
    expect(await run(["--config", "named.yaml", "show"], { cwd })).toEqual({
      exit: 0,
      out: "h100 yaml [] \n",
      err: "",
    });
    expect(await run(["--gpu", "h100", "show"], { cwd })).toEqual({
      exit: 2,
      out: "",
      err: "error: --gpu stands before the command\n  Flags stand behind the command: tool show --gpu h100\n",
    });
  });
});

test("a named file must be there", async () => {
  expect(await run(["show", "--config", "none.yaml"], { cwd: "/nowhere" })).toEqual({
    exit: 3,
    out: "",
    err: "error: none.yaml: no such file or directory\n",
  });
});
