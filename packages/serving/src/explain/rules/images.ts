import type { Case } from "../case.ts";
import type { ContainerState } from "../../related/container-states.ts";
import type { Finding } from "../diagnosis.ts";
import { kubectl, makePullSecret, patchSpec } from "../advice.ts";
import { pullSecretNames } from "../references.ts";
import { shellWord } from "../../shell.ts";
import type { Rule } from "./rule.ts";

const PULLING =
  /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable)$/;

interface Pull {
  readonly found: Case;
  readonly container: ContainerState;
  /** All that kubelet and registry said. */
  readonly said: string;
  /** `nvcr.io` */
  readonly registry: string;
}

/** Images that do not come, most telling sentence first. */
export const imagePull: Rule = (found) => {
  const container = found.containers.find(({ waiting }) => PULLING.test(waiting));
  if (container === undefined) return undefined;
  const told = found.events.filter(
    ({ kind, name, reason }) => kind === "Pod" && name === container.pod && reason === "Failed",
  );
  const said = [container.message, ...told.map(({ message }) => message)].join("\n");
  const pull = { found, container, said, registry: registryOf(container.image) };
  for (const look of [invalidName, wrongPlatform, noSuchImage, pullSecret, refused, tooMany, unreachable]) {
    const finding = look(pull);
    if (finding !== undefined) return withEvidence(finding, pull);
  }
  return withEvidence(
    {
      cause: "image-pull-failed",
      verdict: "problem",
      summary: `The image ${container.image} cannot be pulled (${container.waiting}).`,
      next: { text: "See what the kubelet says.", command: kubectl(`describe pod ${shellWord(container.pod)}`, found) },
    },
    pull,
  );
};

/** The registry's own sentence is at the end of a long chain of wrapped errors. */
function withEvidence(finding: Finding, { container, said }: Pull): Finding {
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  const told = lines.find((line) => /rpc error|failed to/i.test(line)) ?? lines.at(-1) ?? "no message";
  return { ...finding, evidence: [`pod ${container.pod}, container ${container.name}: ${container.waiting}: ${told}`] };
}

/** Docker's rule: what stands before the first slash is a registry when it has a dot, a colon or is localhost. */
function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
}

function invalidName({ found, container }: Pull): Finding | undefined {
  if (container.waiting !== "InvalidImageName") return undefined;
  return {
    cause: "image-name-invalid",
    verdict: "problem",
    summary: `"${container.image}" is no name of an image.`,
    next: setImage(found, "Write a repository such as nvcr.io/nim/meta/llama-3.1-8b-instruct and a tag."),
  };
}

function noSuchImage({ found, container, said }: Pull): Finding | undefined {
  if (REFUSED.test(said) || !/not found|manifest unknown|name unknown|\b404\b/i.test(said)) return undefined;
  return {
    cause: "image-not-found",
    verdict: "problem",
    summary: `The registry has no image ${container.image}: repository or tag is wrong.`,
    next: setImage(found, "Correct repository and tag."),
  };
}

function setImage(found: Case, text: string): Finding["next"] {
  if (found.kind === "NIMCache")
    return {
      text: `${text} The model puller of a cache cannot be changed: delete the cache and create it again.`,
      command: kubectl(`nim delete nimcache ${shellWord(found.name)}`, found),
    };
  return { text, command: patchSpec(found, { image: { repository: "REPOSITORY", tag: "TAG" } }) };
}

const REFUSED =
  /\b401\b|\b403\b|unauthorized|authentication required|no basic auth|access denied|\bdenied\b|forbidden|insufficient_scope/i;

/** @param isOnly whether it is the only pull secret: another one may be for the registry */
function wrongSecret(found: Case, name: string, registry: string, isOnly: boolean): Finding | undefined {
  const secret = found.secrets.get(name);
  if (secret?.state === "missing")
    return {
      cause: "pull-secret-missing",
      verdict: "problem",
      summary: `The pull secret "${name}" does not exist in namespace "${found.namespace}".`,
      next: makePullSecret(found, name, registry),
    };
  if (secret?.state !== "found") return undefined;
  const { type, registries } = secret.value;
  if (type !== "kubernetes.io/dockerconfigjson" && type !== "kubernetes.io/dockercfg")
    return {
      cause: "pull-secret-wrong-type",
      verdict: "problem",
      summary: `The pull secret "${name}" has the type ${type}; images are pulled with kubernetes.io/dockerconfigjson.`,
      next: {
        text: "A secret cannot change its type: delete it, then make it anew (kubectl nim secret ngc).",
        command: kubectl(`delete secret ${shellWord(name)}`, found),
      },
    };
  if (!isOnly || registries === undefined || registries.some((host) => host.includes(registry))) return undefined;
  return {
    cause: "pull-secret-other-registry",
    verdict: "problem",
    summary: `The pull secret "${name}" has no credentials for ${registry}, only for ${registries.join(", ") || "nothing"}.`,
    next: makePullSecret(found, name, registry, true),
  };
}

/** The pull secret is named, and not there, of another type, or for other registries. */
function pullSecret({ found, registry, said }: Pull): Finding | undefined {
  if (!REFUSED.test(said)) return undefined;
  const names = pullSecretNames(found);
  for (const name of names) {
    const finding = wrongSecret(found, name, registry, names.length === 1);
    if (finding !== undefined) return finding;
  }
  if (names.length > 0) return undefined;
  return {
    cause: "pull-secret-none",
    verdict: "problem",
    summary: `${registry} asks for credentials, and the object names no pull secret.`,
    next:
      found.kind === "NIMService"
        ? { text: "Name a pull secret.", command: patchSpec(found, { image: { pullSecrets: ["ngc-secret"] } }) }
        : makePullSecret(found, "ngc-secret", registry),
  };
}

function refused({ found, container, said, registry }: Pull): Finding | undefined {
  if (!REFUSED.test(said)) return undefined;
  const [name = ""] = pullSecretNames(found);
  const isForbidden = /\b403\b|forbidden|access denied|\bdenied\b/i.test(said) && !/\b401\b/.test(said);
  return {
    cause: "image-refused",
    verdict: "problem",
    summary: isForbidden
      ? `${registry} does not let the key in the pull secret "${name}" have ${container.image}, or has no such image.`
      : `${registry} does not accept the key in the pull secret "${name}".`,
    next:
      registry === "nvcr.io"
        ? {
            text: "Make a key at NGC that may use this image (accept its licence there), and put it into the secret.",
            command: makePullSecret(found, name, registry, true).command ?? "",
          }
        : {
            text: "Put credentials that may pull the image into the secret.",
            command: kubectl(`get secret ${shellWord(name)} -o jsonpath='{.type}'`, found),
          },
  };
}

function tooMany({ found, said, registry }: Pull): Finding | undefined {
  if (!/toomanyrequests|\b429\b|rate limit/i.test(said)) return undefined;
  return {
    cause: "image-rate-limit",
    verdict: "problem",
    summary: `${registry} has had too many requests from this address and makes it wait.`,
    next: {
      text: "Wait, or pull with credentials or from a mirror. It is tried again every five minutes.",
      command: kubectl("get pods --watch", found),
    },
  };
}

function wrongPlatform({ found, container, said }: Pull): Finding | undefined {
  if (!/no match for platform|no matching manifest|exec format error/i.test(said)) return undefined;
  return {
    cause: "image-platform",
    verdict: "problem",
    summary: `The image ${container.image} is not made for the processor of the node.`,
    next: setImage(found, "Take an image for that processor, or keep the pods on other nodes with spec.nodeSelector."),
  };
}

const UNREACHABLE =
  /no such host|i\/o timeout|connection refused|network is unreachable|TLS handshake|x509|dial tcp|deadline exceeded|connection reset|\bEOF\b|50[234] /i;

function unreachable({ container, said, registry, found }: Pull): Finding | undefined {
  if (!UNREACHABLE.test(said)) return undefined;
  const isTrust = /x509|TLS/i.test(said);
  return {
    cause: "registry-unreachable",
    verdict: "problem",
    summary: isTrust
      ? `The node does not trust the certificate of ${registry}.`
      : `The node does not reach the registry ${registry}.`,
    next: {
      text: isTrust
        ? "Put the authority of the registry, or of the proxy before it, on the nodes."
        : "Check name service, firewall and proxy of the node; without a way out, use a mirror as repository.",
      command: kubectl(`get pod ${shellWord(container.pod)} -o wide`, found),
    },
  };
}
