import { didYouMean, textAt, textsAt, valueAt } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import { isDefaultClass, provisionerOf, sharingOf } from "../../storage-classes/provisioners.ts";
import { lastWarning, type Case } from "../case.ts";
import type { Finding } from "../diagnosis.ts";
import { kubectl, patchSpec, remakeCache } from "../advice.ts";
import { shellWord } from "../../shell.ts";
import type { Rule } from "./rule.ts";

/** Seconds in which a volume is made, as a rule. */
const PATIENCE = 60;

interface Pending {
  readonly found: Case;
  readonly name: string;
  readonly claim: KubeObject;
  /** The class that the claim names; empty: none. */
  readonly className: string;
  /** That class, or the default one. */
  readonly storageClass: KubeObject | undefined;
  /** Whether classes could be read. */
  readonly isKnown: boolean;
  /** What was said about the claim last. */
  readonly said: string;
}

/** The claim for the model is not there, lost, or gets no volume. */
export const claim: Rule = (found) => {
  if (found.claim === undefined || found.state === "Ready") return undefined;
  const { name, isMade, object } = found.claim;
  // A pod that runs has its volume.
  const runs = found.containers.some(({ isRunning }) => isRunning);
  if (object.state === "missing" && !isMade && !runs)
    return {
      cause: "claim-missing",
      verdict: "problem",
      summary: `The volume claim "${name}" does not exist in namespace "${found.namespace}", and the spec does not let the operator make it.`,
      next: {
        text: "Make it, name another one, or create the object anew with --pvc-create.",
        command: kubectl("get pvc", found),
      },
    };
  if (object.state !== "found") return undefined;
  const phase = textAt(object.value, "status", "phase");
  if (phase === "Lost")
    return {
      cause: "claim-lost",
      verdict: "problem",
      summary: `The volume of the claim "${name}" is gone (Lost).`,
      next: {
        text: "Delete the claim and make it anew; what was on it is gone.",
        command: kubectl(`delete pvc ${shellWord(name)}`, found),
      },
    };
  return phase === "Pending" ? pendingClaim(found, name, object.value) : undefined;
};

function pendingClaim(found: Case, name: string, object: KubeObject): Finding | undefined {
  const className = textAt(object, "spec", "storageClassName");
  const isKnown = found.storageClasses.state === "found";
  const classes = found.storageClasses.state === "found" ? found.storageClasses.value : [];
  const storageClass =
    className === "" ? classes.find(isDefaultClass) : classes.find((one) => nameOf(one) === className);
  const event = lastWarning(found, "PersistentVolumeClaim", "ProvisioningFailed", "FailedBinding");
  const pending = { found, name, claim: object, className, storageClass, isKnown, said: event?.message ?? "" };
  for (const look of [noSuchClass, noDefault, accessMode, provisioningFailed, waits, slow]) {
    const finding = look(pending);
    if (finding === undefined) continue;
    const told = event === undefined ? [] : [`event ${event.reason}: ${event.message}`];
    return { ...finding, evidence: [claimText(pending), ...told] };
  }
  return undefined;
}

function claimText({ name, className, claim, storageClass }: Pending): string {
  const modes = textsAt(claim, "spec", "accessModes").join(", ");
  const provisioner = storageClass === undefined ? "" : ` (${provisionerOf(storageClass)})`;
  return `claim ${name}: Pending, storage class ${className || "the default"}${provisioner}, access mode ${modes || "none"}`;
}

function noSuchClass({ found, name, className, storageClass, isKnown }: Pending): Finding | undefined {
  if (className === "" || !isKnown || storageClass !== undefined) return undefined;
  const names = found.storageClasses.state === "found" ? found.storageClasses.value.map(nameOf) : [];
  return {
    cause: "storage-class-missing",
    verdict: "problem",
    summary: `The claim "${name}" asks for the storage class "${className}", which does not exist.`,
    next: anotherClass(
      didYouMean(className, names) ?? `There ${names.length === 1 ? "is" : "are"}: ${names.join(", ") || "none"}.`,
    ),
  };
}

function noDefault({ name, className, storageClass, isKnown, claim }: Pending): Finding | undefined {
  if (className !== "" || textAt(claim, "spec", "volumeName") !== "") return undefined;
  const isSwitchedOff = valueAt(claim, "spec", "storageClassName") === "";
  if (!isSwitchedOff && (!isKnown || storageClass !== undefined)) return undefined;
  return {
    cause: "storage-class-no-default",
    verdict: "problem",
    summary: `The claim "${name}" names no storage class, and the cluster has no default one.`,
    next: anotherClass("Name a class, or make one the default."),
  };
}

/** The storage class of a claim cannot be changed. */
function anotherClass(text: string): Finding["next"] {
  return {
    text: `${text} A claim cannot change its class: delete it and create the object anew with --pvc-storage-class.`,
    command: "kubectl get storageclasses",
  };
}

function accessMode({ found, name, claim, storageClass, said }: Pending): Finding | undefined {
  const isShared = textsAt(claim, "spec", "accessModes").some((mode) => mode.endsWith("Many"));
  if (!isShared) return undefined;
  const provisioner = storageClass === undefined ? "" : provisionerOf(storageClass);
  const isRefused = /access ?mode|ReadWriteMany|MULTI_NODE|multi-?node/i.test(said);
  if (!isRefused && sharingOf(provisioner) !== "single node") return undefined;
  const text = "Take a class of a network file system, or ReadWriteOnce when one node is enough";
  return {
    cause: "access-mode",
    verdict: "problem",
    summary: `The claim "${name}" asks for ReadWriteMany, and ${provisioner === "" ? "its storage class" : provisioner} has volumes for one node only.`,
    next:
      found.kind === "NIMCache"
        ? remakeCache(found, text)
        : {
            text: `${text}: delete the service and create it anew with --pvc-storage-class or --pvc-volume-access-mode.`,
            command: "kubectl get storageclasses",
          },
  };
}

function provisioningFailed({ name, said }: Pending): Finding | undefined {
  if (said === "" || /waiting for/i.test(said)) return undefined;
  return {
    cause: "provisioning-failed",
    verdict: "problem",
    summary: `No volume can be made for the claim "${name}".`,
    next: {
      text: "Do what the message of the storage system says, or take another storage class.",
      command: "kubectl get storageclasses",
    },
  };
}

/** Such a claim waits for the pod; what the pod waits for is the cause. */
function waits({ found, name, storageClass }: Pending): Finding | undefined {
  if (textAt(storageClass, "volumeBindingMode") !== "WaitForFirstConsumer" || found.pods.length > 0) return undefined;
  if (found.ageSeconds > 10 * PATIENCE) return undefined;
  return {
    cause: "claim-waits-for-pod",
    verdict: "under way",
    summary: `The claim "${name}" gets its volume as soon as a pod uses it.`,
    next: { text: "Wait for the pod.", command: kubectl("get pods --watch", found) },
  };
}

function slow({ found, name, storageClass }: Pending): Finding | undefined {
  const isDeferred = textAt(storageClass, "volumeBindingMode") === "WaitForFirstConsumer";
  if (isDeferred || found.ageSeconds < PATIENCE) return undefined;
  const provisioner = storageClass === undefined ? "its provisioner" : provisionerOf(storageClass);
  return {
    cause: "claim-pending",
    verdict: "problem",
    summary: `The claim "${name}" has no volume yet: ${provisioner} has not made one.`,
    next: { text: "See whether the storage driver runs.", command: kubectl(`describe pvc ${shellWord(name)}`, found) },
  };
}

/** The service asks for a profile that its cache does not hold. */
export const profileNotCached: Rule = (found) => {
  if (found.cache?.facts.state !== "found" || found.state === "Ready") return undefined;
  const wanted = textAt(found.object, "spec", "storage", "nimCache", "profile");
  const cached = found.cache.facts.value.object;
  const status = valueAt(cached, "status", "profiles");
  if (wanted === "" || !Array.isArray(status) || status.length === 0) return undefined;
  const names = status.map((profile) => textAt(profile, "name"));
  if (names.includes(wanted)) return undefined;
  return {
    cause: "profile-not-cached",
    verdict: "problem",
    summary: `The service asks for the profile "${wanted}", which the cache "${found.cache.name}" does not hold.`,
    next: {
      text: didYouMean(wanted, names) ?? `See which it holds (kubectl nim profiles ${found.cache.name}), and name one.`,
      command: patchSpec(found, { storage: { nimCache: { profile: names[0] ?? "" } } }),
    },
    evidence: [`cache ${found.cache.name} holds ${names.join(", ")}`],
  };
};
