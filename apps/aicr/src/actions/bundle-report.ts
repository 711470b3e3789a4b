import { unpackCommand, type Bundle, type Deployer } from "@slipway/bundle";
import type { Published } from "./publish-bundle.ts";

const TITLES: Readonly<Record<Deployer, string>> = {
  helm: "Helm bundle",
  argocd: "Argo CD bundle",
  flux: "Flux bundle",
  helmfile: "helmfile bundle",
};

const PUSH = "Commit it to the root of the Git repository, and push";

/** What the flags say of how a bundle is used. */
export interface ReportOptions {
  readonly deployer: Deployer;
  /** `--repo`, or an empty text. */
  readonly repo: string;
  readonly plainHttp: boolean;
}

/** What `aicr bundle` prints: what was made, where it is, and what is left to do. */
export function bundleReport(options: ReportOptions, bundle: Bundle, published: Published): string {
  const facts = [
    [`${TITLE_OF_PLACE[published.kind]}:`, published.where],
    ["Files:", String(bundle.files.length)],
    ["Components:", bundle.components.join(", ")],
  ] as const;
  const lines = facts.map(([name, value]) => `${name.padEnd(13)}${value}\n`);
  const steps = [...openSteps(published, options.plainHttp), ...bundle.notes, ...installSteps(options, published)];
  const numbered = steps.map((step, index) => `  ${index + 1}. ${step}\n`);
  return `\n${TITLES[options.deployer]} generated successfully!\n${lines.join("")}\nNext steps:\n${numbered.join("")}`;
}

const TITLE_OF_PLACE = { directory: "Folder", archive: "Archive", registry: "Registry" } as const;

/** What makes a bundle that is unpacked and complete take effect. */
function installSteps({ deployer, repo }: ReportOptions, published: Published): readonly string[] {
  if (deployer === "helm") return ["./deploy.sh --dry-run   (prints the commands, runs none)", "./deploy.sh"];
  if (deployer === "helmfile") return ["helmfile sync"];
  const apply = deployer === "argocd" ? "kubectl apply --filename app-of-apps.yaml" : "kubectl apply --kustomize .";
  if (repo.toLowerCase().startsWith("oci://"))
    return [...(published.kind === "registry" ? [] : [`Make it again with --output ${repo}, which pushes it`]), apply];
  return [...(published.kind === "registry" && repo === "" ? [] : [PUSH]), apply];
}

function openSteps({ kind, where }: Published, plainHttp: boolean): readonly string[] {
  if (kind === "directory") return [`cd ${quoted(where)}`];
  if (kind === "archive") return [`Unpack it: tar -xzf ${quoted(where)}`];
  const [name = "", digest = ""] = where.split("@");
  return ["mkdir bundle && cd bundle", unpackCommand(name.replace(/:[^:/]*$/, ""), digest, plainHttp)];
}

/** A path that can be pasted into a shell. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
