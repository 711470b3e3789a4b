import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { inWorkplace } from "../testing/aicr.ts";
import { NODE_ROOT, nodePrograms } from "../testing/node-tree.ts";

const exec = nodePrograms();

test.each([
  [
    "--filter oss",
    2,
    'error: --filter: there is no collector "oss"\n  Did you mean "os"? Collectors are os, systemd, k8s, gpu, topology.\n',
  ],
  [
    "--exclude k8",
    2,
    'error: --exclude: there is no collector "k8"\n  Did you mean "k8s"? Collectors are os, systemd, k8s, gpu, topology.\n',
  ],
  [
    "--filter os --exclude os",
    2,
    "error: --filter and --exclude leave nothing to measure\n  There are os, systemd, k8s, gpu, topology.\n",
  ],
  [
    "-o ../s.yaml",
    2,
    "error: --output ../s.yaml leads out of the current directory\n" +
      "  Give an absolute path, or run the command where the file belongs.\n",
  ],
  ["-o root/../../s.yaml", 2, /^error: --output root\/\.\.\/\.\.\/s\.yaml leads out of the current directory\n/],
  ["-o none/s.yaml --filter os", 3, "error: none/s.yaml: no such file or directory\n"],
  [
    "-o https://example.com/s.yaml",
    2,
    "error: https://example.com/s.yaml cannot be written to: name a file, a ConfigMap, or - for standard output\n",
  ],
  ["-o cm://gpu", 2, 'error: "cm://gpu" does not name a ConfigMap: write cm://NAMESPACE/NAME\n'],
  ["--timeout 5", 2, 'error: --timeout takes a duration such as 30s or 5m, not "5"\n  Did you mean 5s?\n'],
  ["--timeout 0", 2, "error: --timeout is more than 0, and 24h at most\n"],
  ["--timeout 1000h", 2, "error: --timeout is more than 0, and 24h at most\n"],
  ["--max-nodes-per-entry -1", 2, "error: --max-nodes-per-entry is 0, for all nodes, or more\n"],
  ["--template none.tmpl", 3, "error: none.tmpl: no such file or directory\n"],
  ["--template bad.tmpl", 2, 'error: bad.tmpl:2:9: unknown function "nope"\n  Did you mean "not"?\n'],
  ["--template open.tmpl", 2, "error: open.tmpl:1:3: the action is not closed: expected }}\n"],
  ["--template bad.tmpl -t json", 2, "error: --template says what the output looks like, so --format cannot\n"],
  ["--interval 5s", 2, "error: --interval means nothing without --watch\n"],
  ["--on-change ./x", 2, "error: --on-change means nothing without --watch\n"],
  ["--watch --interval 10ms", 2, "error: --interval is from 1s to 24h\n"],
  ["--watch --interval 1000h", 2, "error: --interval is from 1s to 24h\n"],
  [
    "--watch -o x.yaml",
    2,
    "error: --watch prints changes to standard output, so --output has no place\n" +
      "  Redirect it: aicr snapshot --watch > changes.jsonl\n",
  ],
  ["--workers 3", 2, "error: --workers means nothing without --nodes\n"],
  [
    "-k none.yaml",
    3,
    "error: none.yaml: there is no such kubeconfig\n  Give the path of a kubeconfig with --kubeconfig or in KUBECONFIG.\n",
  ],
])("snapshot %s", async (flags, exit, err) => {
  const files = { ...NODE_ROOT, "bad.tmpl": "a\n{{ .x | nope }}", "open.tmpl": "a {{ .x " };
  await inWorkplace(files, async ({ both, cwd }) => {
    const seen = await both(`snapshot --host-root root ${flags}`, { exec });
    expect([seen.exit, seen.out]).toEqual([exit, ""]);
    expect(seen.err).toMatch(err);
    expect((await readdir(cwd)).sort()).toEqual(["bad.tmpl", "open.tmpl", "root"]);
  });
});

test("a root that is not there is no node", async () => {
  await inWorkplace(NODE_ROOT, async ({ both }) => {
    expect(await both("snapshot --host-root none", { exec })).toEqual({
      exit: 3,
      out: "",
      err:
        "error: none: there is no such directory\n" +
        "  --host-root names where the root of the machine to measure is mounted.\n",
    });
  });
});
