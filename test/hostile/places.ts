import type { Content, HostileCase } from "./case.ts";
import { ALONE, data, recipe } from "./data.ts";

const BUNDLE = ["bundle", "-r", "r.yaml", "-o", "out", ...ALONE] as const;
const RECIPE = ["recipe", ...ALONE] as const;
function bundle(
  name: string,
  recipeText: string,
  exit: number,
  stderr: string | RegExp,
  files: Readonly<Record<string, Content>> = {},
): HostileCase {
  return { name, files: { ...data(), "r.yaml": recipeText, ...files }, argv: BUNDLE, exit, stderr };
}

const NAME_HINT = "  A component's name is the name of its folder: use letters, digits and dashes.\n";

const names: readonly HostileCase[] = [
  ["../one", "it has a slash"],
  ["/one", "it has a slash"],
  ["a/b", "it has a slash"],
  ["..", "it has two dots in a row"],
  [".", "the path has an empty part"],
  ["a\\b", "the path has a backslash"],
  ["-one", "it starts with a dash"],
  ["a".repeat(300), "the path is too long"],
].map(([name = "", fault = ""]) =>
  bundle(
    `recipe: a component named ${JSON.stringify(name.slice(0, 20))}`,
    recipe("source: https://charts.example.com\n", JSON.stringify(name)),
    2,
    `error: componentRefs: ${JSON.stringify(name)} cannot name a component: ${fault}\n${NAME_HINT}`,
  ),
);

const reads: readonly HostileCase[] = [
  ["../secret.yaml", "Add ../secret.yaml to the data directory."],
  ["/etc/passwd", "Add /etc/passwd to the data directory."],
  ["components/one/../../../secret.yaml", "Add components/one/../../../secret.yaml to the data directory."],
  ["components/one/values.yaml\0.png", 'Did you mean "components/one/values.yaml"?'],
].map(([path = "", hint = ""]) =>
  bundle(
    `recipe: the manifest ${JSON.stringify(path)}`,
    recipe(`manifestFiles: [${JSON.stringify(path)}]\n`),
    3,
    `error: one.manifestFiles: the catalog has no manifest "${path.replace("\0", "\\x00")}"\n  ${hint}\n`,
    { "secret.yaml": "a: 1\n" },
  ),
);

const directories: readonly HostileCase[] = [
  {
    name: "data: a link to a file",
    files: { ...data(), secret: "", "d/overlays/o.yaml": { link: "../../secret" } },
    argv: RECIPE,
    exit: 4,
    stderr:
      "error: d/overlays/o.yaml: a symbolic link is not allowed in a data directory\n  Put a plain file with a plain name there, or move it out of the directory.\n",
  },
  {
    name: "data: a link to a folder",
    files: { ...data(), "d/more": { link: "/etc" } },
    argv: RECIPE,
    exit: 4,
    stderr:
      "error: d/more: a symbolic link is not allowed in a data directory\n  Put a plain file with a plain name there, or move it out of the directory.\n",
  },
  {
    name: "data: a link to nothing",
    files: { ...data(), "d/more": { link: "nowhere" } },
    argv: RECIPE,
    exit: 4,
    stderr:
      "error: d/more: a symbolic link is not allowed in a data directory\n  Put a plain file with a plain name there, or move it out of the directory.\n",
  },
  {
    name: "data: registry.yaml is a link",
    files: { "e/registry.yaml": "components: []\n", "d/registry.yaml": { link: "../e/registry.yaml" } },
    argv: RECIPE,
    exit: 4,
    stderr:
      "error: d/registry.yaml: a symbolic link is not allowed in a data directory\n  Put a plain file with a plain name there, or move it out of the directory.\n",
  },
  {
    name: "data: a named pipe",
    files: { ...data(), "d/overlays/o.yaml": { pipe: true } },
    argv: RECIPE,
    exit: 4,
    stderr:
      "error: d/overlays/o.yaml: what is neither a file nor a folder is not allowed in a data directory\n  Put a plain file with a plain name there, or move it out of the directory.\n",
  },
  {
    name: "data: registry.yaml is a named pipe",
    files: { "d/registry.yaml": { pipe: true } },
    argv: RECIPE,
    exit: 4,
    stderr:
      "error: d/registry.yaml: what is neither a file nor a folder is not allowed in a data directory\n  Put a plain file with a plain name there, or move it out of the directory.\n",
  },
  {
    name: "data: two dots in a file's name",
    files: { ...data(), "d/a..b": "" },
    argv: RECIPE,
    exit: 4,
    stderr:
      'error: d/a..b: ".." in the name of a file is not allowed in a data directory\n  Put a plain file with a plain name there, or move it out of the directory.\n',
  },
  {
    name: "data: a chain of folders",
    files: { ...data(), [`d/${"x/".repeat(40)}y`]: "" },
    argv: RECIPE,
    exit: 2,
    stderr:
      "error: d/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x: too large for a data directory: more than 32 folders deep\n",
  },
  {
    name: "data: the directory is a file",
    files: { d: "" },
    argv: RECIPE,
    exit: 2,
    stderr: "error: d: expected a data directory, found a file\n",
  },
  {
    name: "data: the directory is not there",
    argv: RECIPE,
    exit: 3,
    stderr: "error: d: there is no such data directory\n",
  },
  {
    name: "data: the directory is a device",
    argv: ["recipe", "--data", "/dev/zero"],
    exit: 2,
    stderr: "error: /dev/zero: expected a data directory, found a device or a pipe\n",
  },
];

const devices: readonly HostileCase[] = [
  {
    name: "recipe: a device",
    files: data(),
    argv: ["bundle", "-r", "/dev/zero", "-o", "out", ...ALONE],
    exit: 2,
    stderr: "error: /dev/zero: this is a device or a pipe, not a file\n",
  },
  {
    name: "snapshot: a folder",
    files: data(),
    argv: [...RECIPE, "-s", "d"],
    exit: 2,
    stderr: "error: d: this is a directory, a file is needed\n",
  },
  {
    name: "config: a device",
    files: data(),
    argv: [...RECIPE, "--config", "/dev/zero"],
    exit: 2,
    stderr: "error: /dev/zero: this is a device or a pipe, not a file\n",
  },
  {
    name: "--set-file: a device",
    files: { ...data(), "r.yaml": recipe() },
    argv: [...BUNDLE, "--set-file", "one:a=/dev/zero"],
    exit: 2,
    stderr: "error: /dev/zero: this is a device or a pipe, not a file\n",
  },
  {
    name: "--set-file: bytes that are not UTF-8",
    files: { ...data(), "r.yaml": recipe(), f: Uint8Array.of(0xff) },
    argv: [...BUNDLE, "--set-file", "one:a=f"],
    exit: 2,
    stderr: "error: f: expected UTF-8 text, found other bytes\n",
  },
  {
    name: "--set-file: 100 MB",
    files: { ...data(), "r.yaml": recipe(), f: { size: 100_000_000 } },
    argv: [...BUNDLE, "--set-file", "one:a=f"],
    exit: 2,
    stderr: "error: f: larger than 10 MiB, which is the limit\n",
  },
  {
    name: "criteria: an address that nobody answers",
    files: data(),
    argv: [...RECIPE, "-c", "http://127.0.0.1:9/c.yaml"],
    exit: 6,
    stderr: /^error: http:\/\/127\.0\.0\.1:9\/c\.yaml: cannot be fetched: .+\n$/,
  },
];

const outputs: readonly HostileCase[] = [
  {
    name: "-o: a folder in the place of the file",
    files: { ...data(), "out/x": "" },
    argv: [...RECIPE, "-o", "out"],
    exit: 2,
    stderr: "error: out: this is a directory, a file is needed\n",
  },
  {
    name: "-o: below a file",
    files: { ...data(), out: "" },
    argv: [...RECIPE, "-o", "out/r.yaml"],
    exit: 2,
    stderr: "error: out/r.yaml: a part of the path is not a directory\n",
  },
  {
    name: "-o: a bundle onto a file",
    files: { ...data(), "r.yaml": recipe(), out: "" },
    argv: BUNDLE,
    exit: 2,
    stderr: "error: $WORK/out is there already and is no folder\n  Name another output, or move what is there.\n",
  },
  {
    name: "-o: a bundle onto a link to a file",
    files: { ...data(), "r.yaml": recipe(), f: "", out: { link: "f" } },
    argv: BUNDLE,
    exit: 2,
    stderr: "error: $WORK/out is there already and is no folder\n  Name another output, or move what is there.\n",
  },
  {
    name: "-o: a link in the bundle's folder leads out of it",
    files: { ...data(), "r.yaml": recipe(), "else/x": "", "out/one": { link: "../else" } },
    argv: BUNDLE,
    exit: 2,
    stderr:
      "error: $WORK/out/one: a symbolic link, which is never followed, is where the bundle has a folder\n  Remove it, or write the bundle to another folder.\n",
  },
  {
    name: "-o: a file of the bundle is a link",
    files: { ...data(), "r.yaml": recipe(), "else/x": "", "out/one/values.yaml": { link: "../../else/x" } },
    argv: BUNDLE,
    exit: 2,
    stderr:
      "error: $WORK/out/one/values.yaml: a symbolic link, which is never followed, is where the bundle has a file\n  Remove it, or write the bundle to another folder.\n",
  },
  {
    name: "-o: a folder in the place of a script",
    files: { ...data(), "r.yaml": recipe(), "out/deploy.sh/x": "" },
    argv: BUNDLE,
    exit: 2,
    stderr:
      "error: $WORK/out/deploy.sh: something else is where the bundle has a file\n  Remove it, or write the bundle to another folder.\n",
  },
  {
    name: "-o: an archive onto a folder",
    files: { ...data(), "r.yaml": recipe(), "out.tar.gz/x": "" },
    argv: ["bundle", "-r", "r.yaml", "-o", "out.tar.gz", ...ALONE],
    exit: 2,
    stderr: "error: $WORK/out.tar.gz is there already and is no file\n  Name another output.\n",
  },
  {
    name: "-o: an archive onto a link",
    files: { ...data(), "r.yaml": recipe(), f: "", "out.tar.gz": { link: "f" } },
    argv: ["bundle", "-r", "r.yaml", "-o", "out.tar.gz", ...ALONE],
    exit: 2,
    stderr: "error: $WORK/out.tar.gz is there already and is no file\n  Name another output.\n",
  },
  {
    name: "-o: a registry with a path that leaves it",
    files: { ...data(), "r.yaml": recipe() },
    argv: ["bundle", "-r", "r.yaml", "-o", "oci://127.0.0.1:9/../x", ...ALONE],
    exit: 2,
    stderr:
      'error: "oci://127.0.0.1:9/../x" is no registry reference: "../x" is no repository: lower-case letters, digits and single . _ -\n  Write it as oci://host[:port]/repository[:tag].\n',
  },
];

/** Paths that lead elsewhere, and things in the place of files. */
export const PLACE_CASES: readonly HostileCase[] = [...names, ...reads, ...directories, ...devices, ...outputs];
