import type { Bundle, Deployer } from "@slipway/bundle";
import type { Published } from "./publish-bundle.ts";

const TITLES: Readonly<Record<Deployer, string>> = {
  helm: "Helm bundle",
  argocd: "Argo CD bundle",
  flux: "Flux bundle",
  helmfile: "helmfile bundle",
};

const PUSH = "Commit it to the root of the Git repository, and push";

/** What makes a bundle that is unpacked and complete take effect. */
const INSTALL: Readonly<Record<Deployer, readonly string[]>> = {
  helm: ["./deploy.sh --dry-run   (prints the commands, runs none)", "./deploy.sh"],
  argocd: [PUSH, "kubectl apply --filename app-of-apps.yaml"],
  flux: [PUSH, "kubectl apply --kustomize ."],
  helmfile: ["helmfile sync"],
};

/** What `aicr bundle` prints: what was made, where it is, and what is left to do. */
export function bundleReport(deployer: Deployer, bundle: Bundle, published: Published): string {
  const facts = [
    [`${TITLE_OF_PLACE[published.kind]}:`, published.where],
    ["Files:", String(bundle.files.length)],
    ["Components:", bundle.components.join(", ")],
  ] as const;
  const lines = facts.map(([name, value]) => `${name.padEnd(13)}${value}\n`);
  const isPushed = published.kind === "registry";
  const install = INSTALL[deployer].filter((step) => !isPushed || step !== PUSH);
  const steps = [openStep(published), ...bundle.notes, ...install];
  const numbered = steps.map((step, index) => `  ${index + 1}. ${step}\n`);
  return `\n${TITLES[deployer]} generated successfully!\n${lines.join("")}\nNext steps:\n${numbered.join("")}`;
}

const TITLE_OF_PLACE = { directory: "Folder", archive: "Archive", registry: "Registry" } as const;

function openStep({ kind, where }: Published): string {
  if (kind === "directory") return `cd ${quoted(where)}`;
  if (kind === "archive") return `Unpack it: tar -xzf ${quoted(where)}`;
  return `Let Argo CD or Flux read it from oci://${where}, or unpack its one layer`;
}

/** A path that can be pasted into a shell. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
