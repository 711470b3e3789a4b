import { SlipwayError } from "@slipway/base";
import { isAlreadyExists, isForbidden, isNotFound } from "@slipway/kube";
import { listError, refusalOf, type NimKindNames } from "@slipway/serving";

/** What was to be written. */
export interface WriteTarget {
  readonly kind: NimKindNames;
  readonly name: string;
  readonly namespace: string;
  /** Whether fields may come from a file of the user. */
  readonly fromFile?: boolean;
}

/** What writing an object failed with, with the next thing to try. */
export function writeError(error: unknown, target: WriteTarget): unknown {
  const { kind, name, namespace } = target;
  if (!(error instanceof SlipwayError)) return error;
  const told = (message: string, hint: string | undefined): SlipwayError =>
    new SlipwayError(error.code, message, { hint, cause: error });
  if (isAlreadyExists(error))
    return told(
      `${kind.kind} "${name}" exists already in namespace "${namespace}"`,
      `Look at it with kubectl nim status ${kind.singular} ${name} -n ${namespace}, delete it first, or choose another name.`,
    );
  if (isNotFound(error)) return notFound(error, target);
  const where = `${kind.kind} ${namespace}/${name}`;
  if (isForbidden(error)) return told(`${where}: ${error.message}`, forbiddenHint(error, target));
  if (error.code !== "INVALID_INPUT") return error;
  return told(`${where}: ${error.message}`, /unknown field/.test(error.message) ? unknownHint(target) : error.hint);
}

/** A 404 for a write: of the namespace, or of the kind. */
function notFound(error: SlipwayError, { kind, namespace }: WriteTarget): unknown {
  if (!error.message.includes("namespaces")) return listError(error, kind);
  return new SlipwayError("NOT_FOUND", `the cluster has no namespace "${namespace}"`, {
    hint: `Make it with kubectl create namespace ${namespace}, or name another with -n.`,
    cause: error,
  });
}

/** A webhook's refusal is a 403 too: then rights are not what is lacking. */
function forbiddenHint(error: SlipwayError, { kind, namespace }: WriteTarget): string | undefined {
  if (refusalOf(error) !== "rights") return error.hint;
  return `See what you may do with kubectl auth can-i create ${kind.plural}.apps.nvidia.com -n ${namespace}.`;
}

function unknownHint({ fromFile = false }: WriteTarget): string {
  const release = "The NIM Operator of this cluster does not know the field: it is misspelt, or of another release.";
  return fromFile ? `${release} Look at the file.` : release;
}
