import type { Case } from "../case.ts";
import type { ContainerState } from "../../related/container-states.ts";
import type { Finding } from "../diagnosis.ts";
import { kubectl, makeSecret } from "../advice.ts";
import { authSecretName } from "../references.ts";
import { shellWord } from "../../shell.ts";
import type { Rule } from "./rule.ts";

/** A container that the kubelet cannot make, because something that its environment names is not there. */
export const containerConfig: Rule = (found) => {
  const container = found.containers.find(({ waiting }) => waiting.startsWith("CreateContainer"));
  if (container === undefined) return undefined;
  const finding =
    secretMissing(found, container) ??
    keyMissing(found, container) ??
    mapMissing(found, container) ??
    other(found, container);
  return {
    ...finding,
    evidence: [`pod ${container.pod}, container ${container.name}: ${container.waiting}: ${container.message}`],
  };
};

function secretMissing(found: Case, { message }: ContainerState): Finding | undefined {
  const name = /secret "([^"]+)" not found/i.exec(message)?.[1];
  if (name === undefined) return undefined;
  return {
    cause: "secret-missing",
    verdict: "problem",
    summary: `The secret "${name}" does not exist in namespace "${found.namespace}".`,
    next: makeSecret(found, name, undefined),
  };
}

/**
 * From release 3.0.2 the operator takes HF_TOKEN out of spec.authSecret for models of Hugging Face, whatever spec.env
 * says; before, NGC_API_KEY. A secret with both keys is right for all of them.
 */
function keyMissing(found: Case, { message }: ContainerState): Finding | undefined {
  const [, key, name] = /couldn't find key ([-.\w]+) in Secret (?:[-.\w]+\/)?([-.\w]+)/i.exec(message) ?? [];
  if (key === undefined || name === undefined) return undefined;
  return {
    cause: "secret-key-missing",
    verdict: "problem",
    summary: `The secret "${name}" has no key ${key}.`,
    next: makeSecret(found, name, key, true),
  };
}

function mapMissing(found: Case, { message }: ContainerState): Finding | undefined {
  const name = /configmap "([^"]+)" not found/i.exec(message)?.[1];
  if (name === undefined) return undefined;
  return {
    cause: "config-map-missing",
    verdict: "problem",
    summary: `The ConfigMap "${name}" does not exist in namespace "${found.namespace}".`,
    next: {
      text: "Make it, or take it out of the spec.",
      command: kubectl(`create configmap ${shellWord(name)} --from-file=FILE`, found),
    },
  };
}

function other(found: Case, { message, pod, name }: ContainerState): Finding {
  return {
    cause: /runAsNonRoot|run as root/i.test(message) ? "runs-as-root" : "container-not-created",
    verdict: "problem",
    summary: /runAsNonRoot|run as root/i.test(message)
      ? `The image of container ${name} would run as root, and the pod forbids that: set spec.userID and spec.groupID.`
      : `The kubelet cannot make container ${name}: ${message}`,
    next: { text: "See the pod.", command: kubectl(`describe pod ${shellWord(pod)}`, found) },
  };
}

/** A secret that the object names is not there, and the operator or the scheduler has not come as far as to say so. */
export const namedSecretMissing: Rule = (found) => {
  // A container that runs has all that its environment names.
  if (found.state === "Ready" || found.containers.some(({ isRunning }) => isRunning)) return undefined;
  const auth = authSecretName(found);
  if (auth === "" || found.secrets.get(auth)?.state !== "missing") return undefined;
  return {
    cause: "secret-missing",
    verdict: "problem",
    summary: `The secret "${auth}" does not exist in namespace "${found.namespace}".`,
    next: makeSecret(found, auth, undefined),
    evidence: [`spec names the authSecret ${auth}`],
  };
};
