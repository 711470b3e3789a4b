import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEPLOYERS } from "@slipway/bundle";
import { group } from "@slipway/base";
import { x as untar } from "tar";
import { AICR_SOURCE, call } from "./aicr.ts";
import { lay } from "./hostile/case.ts";

/** A call of aicr, with the folder or file that it writes. */
interface Call {
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly writes?: string;
}

const TRAINING = ["--service", "eks", "--accelerator", "h100", "--intent", "training", "--os", "ubuntu"];
const INFERENCE = ["--service", "gke", "--accelerator", "b200", "--intent", "inference", "--platform", "dynamo"];
const SET = ["--set", "gpu-operator:driver.version=570.10", "--set-json", "nfd:a=[1, 1.5, 12345678901234567890]"];

/** What a call told: its exit status, both outputs, and mode and digest of every file that it wrote. */
interface Told {
  readonly exit: number | string;
  readonly stdout: string;
  readonly stderr: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Calls whose output does not depend on the machine, the time or the engine. */
const CALLS: readonly Call[] = [
  { argv: [] },
  { argv: ["--help"] },
  ...["recipe", "query", "bundle", "verify", "diff"].map((command) => ({ argv: [command, "--help"] })),
  { argv: ["completion", "bash"] },
  { argv: ["recipe", "list"] },
  { argv: ["recipe"] },
  ...["yaml", "json", "table"].map((format) => ({ argv: ["recipe", ...TRAINING, "--format", format] })),
  { argv: ["recipe", ...INFERENCE] },
  { argv: ["recipe", ...INFERENCE, "-o", "made.yaml"], writes: "made.yaml" },
  { argv: ["recipe", "-c", "-", "--format", "json"], stdin: "spec: {service: EKS, accelerator: h200}\n" },
  { argv: ["recipe", "-s", "snapshot.yaml", "--intent", "training"] },
  { argv: ["recipe", "--service", "kind", "--platform", "kubeflow", "--strict"] },
  { argv: ["query", ...TRAINING, "--selector", "components.gpu-operator.values"] },
  { argv: ["query", ...TRAINING, "--selector", "", "--format", "json"] },
  {
    argv: [
      "query",
      ...TRAINING,
      "--selector",
      "components.gpu-operator.values.driver",
      "--explain",
      ...SET.slice(0, 2),
    ],
  },
  { argv: ["query", ...TRAINING, "--selector", "components.gpu-operatr.values"] },
  ...DEPLOYERS.map((deployer) => {
    const scheduling = [
      "--accelerated-node-selector",
      "gpu=yes",
      "--system-node-toleration",
      "a=b:NoSchedule",
      "--nodes",
      "4",
    ];
    const argv = ["bundle", "-r", "training.yaml", "-o", deployer, "-d", deployer, ...SET, ...scheduling];
    return { argv: [...argv, "--repo", "https://git.example.com/a.git"], writes: deployer };
  }),
  { argv: ["bundle", "-r", "inference.json", "-o", "b.tar.gz"], writes: "b.tar.gz" },
  { argv: ["verify", "sound"] },
  { argv: ["verify", "sound", "--format", "json"] },
  { argv: ["verify", "broken", "--format", "json"] },
  ...["text", "json", "patch"].map((format) => ({
    argv: ["diff", "training.yaml", "inference.json", "--format", format],
  })),
  { argv: ["diff", "training.yaml", "training.yaml", "--exit-code"] },
  { argv: ["recipe", "--service", "ekz"] },
  { argv: ["recipe", "--sevrice", "eks"] },
  { argv: ["bundel"] },
  { argv: ["bundle", "-r", "nowhere.yaml"] },
  { argv: ["bundle", "-r", "bad.yaml"] },
  { argv: ["bundle", "-r", "training.yaml", "--set", "gpu-operator"] },
  { argv: ["query", "--selector", "a[0"] },
];

const SNAPSHOT = `kind: Snapshot
measurements:
  - type: K8s
    subtypes: [{subtype: server, data: {version: v1.34.1-eks-abc, service: eks}}]
  - type: OS
    subtypes: [{subtype: release, data: {ID: ubuntu, VERSION_ID: 24.040}}]
`;

/** Files that calls read: recipes made by the sources, a snapshot, bundles sound and broken. */
async function prepare(): Promise<Readonly<Record<string, string>>> {
  const made = async (...argv: readonly string[]): Promise<string> =>
    (await call(AICR_SOURCE, ["recipe", ...argv], { cwd: tmpdir() })).stdout;
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  return {
    "training.yaml": await made(...TRAINING),
    "inference.json": await made(...INFERENCE, "--format", "json"),
    "snapshot.yaml": SNAPSHOT,
    "bad.yaml": "componentRefs:\n  - name: [a]\n",
    "sound/checksums.txt": `${empty}  a\n`,
    "sound/a": "",
    "broken/checksums.txt": `${empty}  a\n${empty}  b\n`,
    "broken/a": "changed",
    "broken/c": "",
  };
}

let prepared: ReturnType<typeof prepare> | undefined;

/** Makes every call with a program, each in a folder of its own; gives what each told, by command line. */
export async function transcript(program: readonly string[]): Promise<Readonly<Record<string, Told>>> {
  prepared ??= prepare();
  const files = await prepared;
  const work = await realpath(await mkdtemp(join(tmpdir(), "slipway-calls-")));
  try {
    const entries = await group(
      3,
      CALLS.map(({ argv, stdin = "", writes }, index) => async () => {
        const cwd = join(work, String(index));
        await mkdir(cwd);
        await lay(cwd, files);
        const { exit, stdout, stderr } = await call(program, argv, { cwd, stdin });
        const told = { exit, stdout: neutral(stdout, cwd), stderr: neutral(stderr, cwd) };
        return [argv.join(" "), { ...told, files: writes === undefined ? {} : await contentsOf(join(cwd, writes)) }];
      }),
    );
    return Object.fromEntries(entries);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

let ofSources: ReturnType<typeof transcript> | undefined;

/** The {@link transcript} of the sources, made once. */
export async function sourceTranscript(): ReturnType<typeof transcript> {
  ofSources ??= transcript(AICR_SOURCE);
  return await ofSources;
}

/** Text without what differs between programs on purpose: the folder, and the version that a program has. */
function neutral(text: string, folder: string): string {
  return text
    .replaceAll(folder, "$WORK")
    .replaceAll(/\b(version"?: "?|Bundler Version: )(dev|\d+\.\d+\.\d+)\b(?=(?:",?| {2})?\n)/g, "$1$VERSION")
    .replaceAll(/^[\da-f]{64}(?= {2}README\.md$)/gm, "$DIGEST");
}

/** Mode and digest of every file of a folder, an archive or, under an empty name, a file alone. */
async function contentsOf(path: string): Promise<Readonly<Record<string, string>>> {
  if (path.endsWith(".tar.gz")) {
    const unpacked = `${path}.unpacked`;
    await mkdir(unpacked);
    await untar({ file: path, cwd: unpacked });
    return await contentsOf(unpacked);
  }
  const isFile = (await stat(path)).isFile();
  const names = isFile ? [""] : await readdir(path, { recursive: true });
  const contents: Record<string, string> = {};
  for (const name of names.toSorted()) {
    const info = await stat(join(path, name));
    if (!info.isFile()) continue;
    const text = neutral(await readFile(join(path, name), "latin1"), path);
    contents[name] = `${info.mode.toString(8)} ${createHash("sha256").update(text).digest("hex")}`;
  }
  return contents;
}
