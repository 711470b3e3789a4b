import { expect, test } from "vitest";
import { inWorkplace } from "./testing/aicr.ts";

const HELP = `Usage: aicr COMMAND [flags]

Decides what a Kubernetes GPU cluster should be, and writes what installs it.

Global:
      --config FILE  file with defaults for flags
      --debug        say more, as key=value records (env AICR_DEBUG)
      --log-json     write messages as JSON lines (env AICR_LOG_JSON)
  -h, --help         show help
  -v, --version      show version, commit and date

Commands:
  snapshot           measure a node and its cluster
  recipe             write the recipe for a kind of cluster
  query              print a value of a recipe, or say where it comes from
  bundle             write what installs a recipe
  verify             check a bundle against its checksums
  diff               show what changes between two recipes, bundles or snapshots
  validate           test a cluster, or a snapshot of one, against a recipe
  drift              compare a recipe with what is installed and what runs
  schema             print the JSON Schemas of our documents
  completion         print a script for shell completion

Examples:
  # what is covered
  aicr recipe list
  # a recipe
  aicr recipe --service eks --accelerator h100 --intent training -o recipe.yaml
  # what installs it
  aicr bundle -r recipe.yaml -o bundle

Run "aicr COMMAND --help" for the flags of a command.
`;

test.each(["", "--help", "-h"])("aicr %s", async (line) => {
  await inWorkplace({}, async ({ both }) => {
    expect(await both(line)).toEqual({ exit: 0, out: HELP, err: "" });
  });
});

test.each(["--version", "-v"])("aicr %s", async (line) => {
  await inWorkplace({}, async ({ both }) => {
    expect(await both(line)).toEqual({ exit: 0, out: "aicr version 1.2.3 (commit abc1234, 2026-01-02)\n", err: "" });
  });
});

const OF_CLUSTERS = ["snapshot", "recipe", "recipe list", "query", "bundle", "diff", "validate", "drift"];

test.each([...OF_CLUSTERS, "verify", "schema", "completion"])("aicr %s help", async (command) => {
  await inWorkplace({}, async ({ both }) => {
    const { exit, out, err } = await both(`${command} help`);
    expect([exit, err, out.split(" [")[0]?.split(" <")[0]]).toEqual([0, "", `Usage: aicr ${command}`]);
    const groups = [...out.matchAll(/^(\w.*):$/gm)].map(([, group]) => group);
    expect(new Set(groups).size).toBe(groups.length);
    expect(groups).toContain("Global");
    // Which cluster is meant is asked where one is reached, and nowhere else.
    expect(groups.includes("Cluster")).toBe(OF_CLUSTERS.includes(command));
  });
});

test.each([
  ["help", 'error: unknown command "help"\n  Run "aicr --help" to see the commands.\n'],
  ["recip", 'error: unknown command "recip"\n  Did you mean "recipe"?\n'],
  ["snapshots", 'error: unknown command "snapshots"\n  Did you mean "snapshot"?\n'],
  ["--servic", "error: unknown flag --servic\n  Run the command with --help to see its flags.\n"],
])("aicr %s", async (line, err) => {
  await inWorkplace({}, async ({ both }) => {
    expect(await both(line)).toEqual({ exit: 2, out: "", err });
  });
});

test("messages as records", async () => {
  await inWorkplace({}, async ({ both }) => {
    const { err } = await both("--debug recipe --service eks -o recipe.yaml");
    const head = (level: string): string => `time=2026-01-02T03:04:05.678Z level=${level}`;
    expect(err).toBe(
      `${head("DEBUG")} msg="catalog opened" module=aicr version=1.2.3 components=2 overlays=2\n` +
        `${head("DEBUG")} msg="recipe resolved" module=aicr version=1.2.3 criteria="service=eks" overlays=base,eks components=2\n` +
        `${head("INFO")} msg="recipe written" module=aicr version=1.2.3 file=recipe.yaml components=2\n`,
    );
  });
});

test("messages as JSON", async () => {
  await inWorkplace({}, async ({ both }) => {
    const { exit, err } = await both("recipe -c none.yaml", { env: { AICR_LOG_JSON: "true" } });
    expect([exit, JSON.parse(err)]).toEqual([
      3,
      {
        time: "2026-01-02T03:04:05.678Z",
        level: "ERROR",
        msg: "command failed",
        module: "aicr",
        version: "1.2.3",
        error: "none.yaml: no such file or directory",
        code: "NOT_FOUND",
        exitCode: 3,
      },
    ]);
  });
});

test("the word in front of messages can be chosen", async () => {
  await inWorkplace({}, async ({ both }) => {
    const { err } = await both("recipe -o recipe.yaml", { env: { AICR_LOG_PREFIX: "agent" } });
    expect(err).toBe("[agent] recipe written: file=recipe.yaml components=2\n");
  });
});

test("words that are left over do no harm, but are named", async () => {
  await inWorkplace({}, async ({ both }) => {
    const { exit, err } = await both("recipe eks training");
    expect([exit, err]).toEqual([
      0,
      '[cli] warning: ignored, because aicr recipe takes no such arguments: words="eks training"\n',
    ]);
  });
});

test("defaults of flags: command line, --config, the user's file", async () => {
  const files = {
    "home/.config/aicr/config.yaml":
      "defaults:\n  os: ubuntu\n  gpu: h100\n  format: json\nserver:\n  url: https://recipe-api.example.com\n",
    "team.yaml": "defaults: {service: eks, os: any}\n",
  };
  await inWorkplace(files, async ({ both, cwd }) => {
    const env = { HOME: `${cwd}/home` };
    const own = await both("query --selector criteria", { env });
    expect([own.exit, JSON.parse(own.out)]).toEqual([
      0,
      { accelerator: "h100", intent: "any", nodes: 0, os: "ubuntu", platform: "any", service: "any" },
    ]);
    expect(own.err).toContain("config.yaml: server has no effect in this program");
    const team = await both("query --config team.yaml --gpu l40 --selector criteria", { env });
    expect(JSON.parse(team.out)).toMatchObject({ accelerator: "l40", os: "any", service: "eks" });
  });
});

test("a key that no flag has", async () => {
  await inWorkplace({ "c.yaml": "defaults:\n  acelerator: h100\n" }, async ({ both }) => {
    expect(await both("recipe --config c.yaml")).toEqual({
      exit: 2,
      out: "",
      err: 'error: c.yaml:2:3: defaults.acelerator: unknown key "acelerator"\n  Did you mean "accelerator"?\n',
    });
  });
});

test("a failure of ours says what to report", async () => {
  await inWorkplace({}, async ({ both }) => {
    const broken = (): Promise<Response> => Promise.reject(new TypeError("broken"));
    expect((await both("recipe -c https://example.com/c.yaml", { fetch: broken })).exit).toBe(6);
  });
});

test("an interrupted command ends with 130", async () => {
  await inWorkplace({}, async ({ both }) => {
    const stop = new AbortController();
    stop.abort();
    const fetch: typeof globalThis.fetch = (_input, init) => {
      init?.signal?.throwIfAborted();
      return Promise.resolve(new Response("spec: {}"));
    };
    expect(await both("recipe -c https://example.com/c.yaml", { signal: stop.signal, fetch })).toEqual({
      exit: 130,
      out: "",
      err: "error: interrupted\n",
    });
  });
});
