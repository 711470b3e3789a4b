import { didYouMean, mapAt, textAt } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import type { Looked } from "../related/look.ts";
import type { SecretFacts } from "../explain/facts.ts";
import { shellWord } from "../shell.ts";
import { isDefaultClass, provisionerOf, sharingOf } from "../storage-classes/provisioners.ts";
import { unseen, type Check } from "./check.ts";
import type { SecretName, World } from "./world.ts";

/** The storage class: the one that was named, else the default one. */
export function storageCheck({ storageClasses, storageClass }: World): Check {
  const name = "storage class";
  if (storageClasses.state === "unknown") return unseen(name, storageClasses);
  const classes = storageClasses.state === "found" ? storageClasses.value : [];
  const names = classes.map(nameOf);
  const command = "kubectl get storageclasses";
  if (storageClass !== undefined) {
    const wanted = classes.find((one) => nameOf(one) === storageClass);
    if (wanted !== undefined) return sharingCheck(name, wanted, classes);
    const near = didYouMean(storageClass, names) ?? `There are: ${names.join(", ") || "none"}.`;
    return { name, status: "failed", found: `"${storageClass}" does not exist`, advice: near, command };
  }
  const usual = classes.find(isDefaultClass);
  if (usual !== undefined) return sharingCheck(name, usual, classes);
  if (classes.length === 0)
    return { name, status: "failed", found: "there is none", advice: "Install a storage driver.", command };
  return {
    name,
    status: "warning",
    found: `none is the default one; there are ${names.join(", ")}`,
    advice: "Name one with --pvc-storage-class, or make one the default.",
    command: `kubectl annotate storageclass ${shellWord(names[0] ?? "NAME")} storageclass.kubernetes.io/is-default-class=true`,
  };
}

/** Caches ask for ReadWriteMany unless told otherwise. */
function sharingCheck(name: string, one: KubeObject, classes: readonly KubeObject[]): Check {
  const provisioner = provisionerOf(one);
  const sharing = sharingOf(provisioner);
  const found = `${nameOf(one)} (${provisioner})${isDefaultClass(one) ? ", the default one" : ""}`;
  if (sharing === "shared") return { name, status: "ok", found: `${found}: several nodes can share a volume` };
  const others = classes.filter((other) => sharingOf(provisionerOf(other)) === "shared").map(nameOf);
  const other = others.length === 0 ? "" : ` Network file systems here: ${others.join(", ")}.`;
  return {
    name,
    status: "warning",
    found: `${found}: ${sharing === "single node" ? "a volume is for one node only" : "whether nodes can share a volume is not known"}`,
    advice: `A cache with ReadWriteMany ${sharing === "single node" ? "gets no volume" : "may get no volume"}: use --pvc-volume-access-mode=ReadWriteOnce, or another class.${other}`,
    command: "kubectl get storageclasses",
  };
}

interface Wanted {
  readonly name: SecretName;
  readonly key: string;
  readonly absent: "failed" | "warning";
  readonly use: string;
  /** Words behind `kubectl nim secret`. */
  readonly make: string;
}

const WANTED: readonly Wanted[] = [
  {
    name: "ngc-secret",
    key: ".dockerconfigjson",
    absent: "failed",
    use: "images are pulled with it",
    make: "ngc --only pull",
  },
  {
    name: "ngc-api-secret",
    key: "NGC_API_KEY",
    absent: "failed",
    use: "models are downloaded with it",
    make: "ngc --only api",
  },
  { name: "hf-api-secret", key: "HF_TOKEN", absent: "warning", use: "needed for models of Hugging Face", make: "hf" },
];

/** The secrets that everything takes unless told otherwise. */
export function secretChecks(world: World): readonly Check[] {
  const lacksBoth = (["ngc-secret", "ngc-api-secret"] as const).every(
    (name) => world.secrets.get(name)?.state === "missing",
  );
  return WANTED.map((wanted) => {
    const make = lacksBoth ? wanted.make.replace(/ --only .*/, "") : wanted.make;
    return secretCheck({ ...wanted, make }, world.secrets.get(wanted.name), world.namespace);
  });
}

function secretCheck(wanted: Wanted, looked: Looked<SecretFacts> | undefined, namespace: string): Check {
  const { name: secret, key, absent, use, make } = wanted;
  const name = `secret ${secret}`;
  const command = `kubectl nim secret ${make} -n ${shellWord(namespace)}`;
  if (looked === undefined || looked.state === "missing")
    return { name, status: absent, found: `not in namespace "${namespace}"; ${use}`, advice: "Make it.", command };
  if (looked.state === "unknown") return unseen(name, looked);
  const { type, keys, registries } = looked.value;
  const remake = `Delete it, then make it anew: ${command}`;
  const remove = `kubectl delete secret ${secret} -n ${shellWord(namespace)}`;
  if (secret === "ngc-secret" && type !== "kubernetes.io/dockerconfigjson")
    return {
      name,
      status: "failed",
      found: `has the type ${type}, not kubernetes.io/dockerconfigjson`,
      advice: remake,
      command: remove,
    };
  if (!keys.includes(key))
    return {
      name,
      status: absent,
      found: `has no key ${key}, only ${keys.join(", ") || "none"}`,
      advice: "Put the key into it; it is asked for.",
      command: `${command} --replace`,
    };
  if (secret !== "ngc-secret") return { name, status: "ok", found: `has the key ${key}` };
  if (registries === undefined)
    return { name, status: "failed", found: "holds no list of registries", advice: remake, command: remove };
  if (registries.some((host) => host.includes("nvcr.io"))) return { name, status: "ok", found: "for nvcr.io" };
  return {
    name,
    status: "warning",
    found: `is for ${registries.join(", ") || "no registry"}, and not for nvcr.io`,
    advice: "Right where images come from a mirror; else put a key for nvcr.io into it.",
    command: `${command} --replace`,
  };
}

/** Quotas of the namespace that are used up, as far as NIM needs them. */
export function quotaChecks({ quotas }: World): readonly Check[] {
  const name = "quota";
  if (quotas.state === "unknown") return [unseen(name, quotas)];
  const found = quotas.state === "found" ? quotas.value : [];
  return found.map((quota) => quotaCheck(name, quota));
}

function quotaCheck(name: string, quota: KubeObject): Check {
  const full = Object.keys(mapAt(quota, "status", "hard")).filter((amount) => isFull(quota, amount));
  if (full.length === 0) return { name, status: "ok", found: `${nameOf(quota)}: room is left` };
  return {
    name,
    status: "warning",
    found: `${nameOf(quota)} is used up: ${full.map((amount) => `${amount} ${usedOf(quota, amount)}`).join(", ")}`,
    advice: "Free some of it, or have it raised.",
    command: `kubectl describe resourcequota ${shellWord(nameOf(quota))} -n ${shellWord(quota.metadata.namespace ?? "")}`,
  };
}

/** The server writes both in the same unit when nothing is left. */
function isFull(quota: KubeObject, amount: string): boolean {
  const hard = textAt(quota, "status", "hard", amount);
  return hard !== "" && textAt(quota, "status", "used", amount) === hard;
}

function usedOf(quota: KubeObject, amount: string): string {
  return `${textAt(quota, "status", "used", amount)} of ${textAt(quota, "status", "hard", amount)}`;
}
