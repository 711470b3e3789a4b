import { SlipwayError, type TreeMap } from "@slipway/base";
import { present, type Values } from "./values.ts";

type VolumeFlag =
  | "pvc-storage-name"
  | "pvc-create"
  | "pvc-size"
  | "pvc-volume-access-mode"
  | "pvc-storage-class"
  | "host-path";

const ONLY_NEW = ["pvc-size", "pvc-volume-access-mode", "pvc-storage-class"] as const;
const CLAIM = ["pvc-create", "pvc-storage-name", ...ONLY_NEW] as const;

/** What the flags ask to store the model in. */
export interface Storage {
  /** Exactly one entry; nothing when no flag asks for any. */
  readonly storage: TreeMap | undefined;
  readonly warnings: readonly string[];
}

/**
 * The storage that the flags ask for.
 *
 * @param others the members beside the volume's that other flags ask for, by flag
 * @throws SlipwayError USAGE for two kinds of it, and for a new volume without a size
 */
export function storageOf(
  values: Values<VolumeFlag>,
  others: readonly { readonly flag: string; readonly member: TreeMap }[] = [],
): Storage {
  const asked = [...others];
  const path = values.text("host-path");
  if (path !== undefined) asked.push({ flag: "host-path", member: { hostPath: hostPath(path) } });
  const claim = claimOf(values, asked[0]?.flag);
  if (claim.pvc !== undefined) asked.push({ flag: claim.flag, member: { pvc: claim.pvc } });
  const [first, second] = asked;
  if (first !== undefined && second !== undefined)
    throw new SlipwayError(
      "USAGE",
      `--${first.flag} and --${second.flag} exclude each other: a model is stored in one place`,
    );
  return { storage: first?.member, warnings: claim.warnings };
}

interface Claim {
  readonly pvc: TreeMap | undefined;
  /** The flag that asks for it. */
  readonly flag: string;
  readonly warnings: readonly string[];
}

function claimOf(values: Values<VolumeFlag>, other: string | undefined): Claim {
  const name = values.text("pvc-storage-name");
  const flag = CLAIM.find((candidate) => values.isGiven(candidate)) ?? "pvc-create";
  if (values.boolean("pvc-create") === true) return { pvc: newClaim(values, name), flag: "pvc-create", warnings: [] };
  const idle = ONLY_NEW.filter((candidate) => values.isGiven(candidate));
  if (name !== undefined) {
    const warnings = idle.map((left) => `--${left} is left out: it is for a new volume, and --pvc-create is not given`);
    return { pvc: { create: false, name }, flag, warnings };
  }
  const [lost] = idle;
  if (lost !== undefined)
    throw new SlipwayError("USAGE", `--${lost} is for a new volume, and --pvc-create is not given`, {
      hint:
        other === undefined ? "Add --pvc-create=true." : `With --${other} there is no volume to be made: leave it out.`,
    });
  return { pvc: undefined, flag, warnings: [] };
}

function newClaim(values: Values<VolumeFlag>, name: string | undefined): TreeMap {
  const size = values.text("pvc-size");
  if (size === undefined)
    throw new SlipwayError("USAGE", "--pvc-create needs --pvc-size: how large is the volume to be?", {
      hint: "For example --pvc-size=50Gi.",
    });
  return {
    create: true,
    ...present({ name, storageClass: values.text("pvc-storage-class") }),
    size,
    volumeAccessMode: values.textOrFallback("pvc-volume-access-mode"),
  };
}

function hostPath(path: string): string {
  if (path.startsWith("/") && !path.split("/").includes("..")) return path;
  throw new SlipwayError("USAGE", `--host-path takes a folder from the root, without .., not "${path}"`);
}
