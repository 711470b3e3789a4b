import type { Content, HostileCase } from "./case.ts";
import { aliasBomb, nested } from "./data.ts";

// Inputs of the commands that look at machines and clusters. None of them gets so far as to reach one.

const LARGE = { size: 100_000_000 };
const ZERO = { link: "/dev/zero" };

function snapshot(entry: string): string {
  return `kind: Snapshot\nmeasurements:\n  - type: OS\n    subtypes:\n      - subtype: release\n        data:\n          ${entry}\n`;
}

function compared(
  name: string,
  from: Content,
  exit: number,
  told: Partial<HostileCase>,
  flags: readonly string[] = [],
): HostileCase {
  return {
    name: `diff: ${name}`,
    files: { "a.yaml": snapshot("a: 1"), "b.yaml": from },
    argv: ["diff", "a.yaml", "b.yaml", ...flags],
    exit,
    stderr: "",
    ...told,
  };
}

function refused(name: string, from: Content, stderr: string): HostileCase {
  return compared(name, from, 2, { stderr });
}

const NO_DIFFERENCE = "No differences.\n";
const RECOLOURED = 'Operating system\n  ~ OS.release.a: 1 -> "\\u001b[31m2"\n\n1 difference: 1 changed.\n';

const comparisons: readonly HostileCase[] = [
  refused(
    "__proto__",
    snapshot("__proto__: {a: 1}"),
    'error: b.yaml:7:11: not valid YAML: the key "__proto__" is not allowed\n',
  ),
  refused(
    "an alias bomb",
    aliasBomb(),
    "error: b.yaml: the document has more than 500000 values when its aliases are expanded\n",
  ),
  refused("10,000 levels", nested(10_000), "error: b.yaml:1:492: not valid YAML: nesting exceeded maxDepth (100)\n"),
  refused("100 MB", LARGE, "error: b.yaml: larger than 16 MiB, which is the limit\n"),
  refused("a link to a device", ZERO, "error: $WORK/b.yaml is neither a folder nor a .tar.gz archive\n"),
  refused(
    "a fleet whose nodes are a text",
    "kind: FleetSnapshot\ncommon: []\nnodes: x\n",
    "error: b.yaml:3:1: nodes: expected a list, found text\n",
  ),
  refused(
    "a fleet with __proto__",
    "kind: FleetSnapshot\ncommon: []\nnodes:\n  - node: x\n    metadata: {__proto__: {a: 1}}\n",
    'error: b.yaml:5:16: not valid YAML: the key "__proto__" is not allowed\n',
  ),
  compared("readings that recolour", snapshot('a: "\\e[31m2"'), 1, { stdout: RECOLOURED }, ["--exit-code"]),
  compared(
    "names and readings that clear the screen and begin a line",
    snapshot('"k\\e[31m": "v\\e[2J\\nerror: x"'),
    1,
    {
      stdout:
        'Operating system\n  - OS.release.a: 1\n  + "OS.release.k\\u001b[31m": "v\\u001b[2J\\nerror: x"\n\n' +
        "2 differences: 1 added, 1 removed.\n",
    },
    ["--exit-code"],
  ),
  ...["OS.\u001b[31m", "__proto__", `${"*".repeat(200)}x`, "(a+)+$"].map((pattern, at) =>
    compared(
      `the pattern ${at + 1}`,
      snapshot("a: 2"),
      1,
      {
        stdout: RECOLOURED.replace('"\\u001b[31m2"', "2 (1 more)"),
        stderr: `[cli] warning: --ignore ${JSON.stringify(pattern)} matches no reading of either snapshot.\n`,
      },
      ["--exit-code", "--ignore", pattern],
    ),
  ),
  compared("a pattern that fits everything", snapshot("a: 2"), 0, { stdout: NO_DIFFERENCE }, [
    "--exit-code",
    "--ignore",
    `${"*?".repeat(1)}**`,
  ]),
];

function templated(name: string, template: Content, stderr: string | RegExp): HostileCase {
  const argv = ["snapshot", "--filter", "os", "--host-root", "root", "--template", "t", "-o", "out"];
  return { name: `snapshot: ${name}`, files: { "root/etc/os-release": "ID=a\n", t: template }, argv, exit: 2, stderr };
}

const templates: readonly HostileCase[] = [
  templated(
    "a template over a billion",
    "{{ range until 1000000000 }}x{{ end }}",
    /error: t:1:10: until: 1000000000 numbers are more than the limit of 100000\n$/,
  ),
  templated(
    "a template that doubles itself",
    '{{ $x := "xxxxxxxx" }}{{ range until 40 }}{{ $x = print $x $x }}{{ end }}{{ $x }}',
    /error: t:1:51: a text or list of 16777216 is larger than the limit of 10485760\n$/,
  ),
  templated(
    "a template that reads the environment",
    '{{ env "HOME" }}',
    'error: t:1:4: unknown function "env"\n  Did you mean "and"?\n',
  ),
  templated("a template of 100 MB", LARGE, "error: t: larger than 1 MiB, which is the limit\n"),
  templated("a template that is a device", ZERO, "error: t: this is a device or a pipe, not a file\n"),
  templated("a template that is no text", Uint8Array.of(0xff), "error: t: expected UTF-8 text, found other bytes\n"),
];

function named(name: string, nodes: Content, stderr: string): HostileCase {
  return { name: `--nodes: ${name}`, files: { nodes }, argv: ["snapshot", "--nodes", "nodes"], exit: 2, stderr };
}

const lists: readonly HostileCase[] = [
  named("100 MB", LARGE, "error: nodes: larger than 1 MiB, which is the limit\n"),
  named("a device", ZERO, "error: nodes: this is a device or a pipe, not a file\n"),
  named("a NUL byte", "a\0b\n", "error: nodes:1:2: a NUL byte: this is not a text file\n"),
  named("bytes that are not UTF-8", Uint8Array.of(0xff), "error: nodes: expected UTF-8 text, found other bytes\n"),
];

/** A kubeconfig of one cluster; `cluster` and `user` are YAML. */
function kubeconfig(cluster: string, user = "{}", current = "c"): string {
  return `current-context: ${current}
clusters: [{name: c, cluster: ${cluster}}]
contexts: [{name: c, context: {cluster: c, user: c}}]
users: [{name: c, user: ${user}}]
`;
}

function reached(name: string, config: Content, exit: number, stderr: string | RegExp): HostileCase {
  const argv = ["snapshot", "--agent", "-k", "config", "-o", "out"];
  return { name: `kubeconfig: ${name}`, files: { config }, argv, exit, stderr };
}

const kubeconfigs: readonly HostileCase[] = [
  reached(
    "__proto__",
    kubeconfig("{__proto__: {server: x}}"),
    2,
    /^error: config:2:\d+: not valid YAML: the key "__proto__" is not allowed\n$/,
  ),
  reached(
    "an alias bomb",
    aliasBomb(),
    2,
    "error: config: the document has more than 500000 values when its aliases are expanded\n",
  ),
  reached("10,000 levels", nested(10_000), 2, "error: config:1:492: not valid YAML: nesting exceeded maxDepth (100)\n"),
  reached("100 MB", LARGE, 2, "error: config: larger than 16 MiB, which is the limit\n"),
  reached("a device", ZERO, 2, "error: config: this is a device or a pipe, not a file\n"),
  reached(
    "a server that is a file",
    kubeconfig("{server: 'file:///etc/passwd'}"),
    2,
    'error: config: the cluster "c" has the server "file:///etc/passwd"\n  Expected an address such as https://10.0.0.1:6443.\n',
  ),
  reached(
    "a credential plugin that is not there, and looks like more than one command",
    kubeconfig(
      "{server: 'http://127.0.0.1:9'}",
      "{exec: {apiVersion: client.authentication.k8s.io/v1, command: './sh; id', interactiveMode: Never}}",
    ),
    3,
    /^error: config: the user "c": the credential plugin \S*sh; id is not installed\n$/,
  ),
  reached(
    "a context that recolours",
    kubeconfig("{server: 'http://127.0.0.1:9'}", "{}", '"c\\e[31m"'),
    3,
    'error: config: the kubeconfig has no context "c\\u001b[31m"\n  It has: c.\n',
  ),
];

/** What `snapshot`, `diff` and `drift` read. */
export const CLUSTER_CASES: readonly HostileCase[] = [...comparisons, ...templates, ...lists, ...kubeconfigs];
