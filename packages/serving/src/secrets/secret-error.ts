import { SlipwayError } from "@slipway/base";
import { KubeApiError, isAlreadyExists, isNotFound } from "@slipway/kube";
import { refusalOf, type Refusal } from "../refusal.ts";
import { shellWord } from "../shell.ts";

/** The secret that was to be written. */
export interface SecretPlace {
  readonly name: string;
  readonly namespace: string;
}

/**
 * What writing a secret failed with. What the server says may quote what was sent, so that its sentence is left out, of the
 * cause too; its status and what it means stay.
 *
 * @param takenHint what to do about a secret that is there already
 */
export function secretError(error: unknown, place: SecretPlace, takenHint: string): unknown {
  // Before the body is read nobody can quote it.
  if (!(error instanceof KubeApiError) || error.status === 401) return error;
  const { name, namespace } = place;
  const told = (message: string, hint: string | undefined): SlipwayError =>
    new SlipwayError(error.code, message, { hint });
  if (isAlreadyExists(error)) return told(`Secret "${name}" exists already in namespace "${namespace}"`, takenHint);
  if (isNotFound(error))
    return told(
      `the cluster has no namespace "${namespace}"`,
      `Make it with kubectl create namespace ${shellWord(namespace)}, or name another with -n.`,
    );
  const where = `Secret ${namespace}/${name}`;
  const refusal = refusalOf(error);
  if (refusal !== undefined) return told(`${where}: ${REFUSED[refusal]}`, refusalHint(refusal, place));
  if (error.code !== "INVALID_INPUT")
    return told(`${where}: the server does not store it (HTTP status ${error.status})`, "Try it again later.");
  return told(
    `${where}: the server does not take it`,
    `A secret of another type cannot be made into this one: delete it with kubectl delete secret ${shellWord(name)} -n ${shellWord(namespace)}.`,
  );
}

const REFUSED: Readonly<Record<Refusal, string>> = {
  rights: "you may not write it",
  quota: "a quota of the namespace is used up",
  admission: "a policy or webhook of the cluster refuses it; what it says is left out, because it may quote the key",
};

function refusalHint(refusal: Refusal, { name, namespace }: SecretPlace): string {
  const place = shellWord(namespace);
  if (refusal === "rights") return `See what you may do with kubectl auth can-i create secrets -n ${place}.`;
  if (refusal === "quota") return `See which one with kubectl describe resourcequotas -n ${place}.`;
  return `Read it by making the secret without a key: kubectl create secret generic ${shellWord(name)} -n ${place} --dry-run=server`;
}
