import { SlipwayError } from "@slipway/base";
import { checkName, checkNamespace } from "../names.ts";

/** Which ConfigMap holds a document. */
export interface ConfigMapPlace {
  readonly namespace: string;
  readonly name: string;
}

/** `cm://namespace/name`, as command lines and messages name it. */
export function addressOf({ namespace, name }: ConfigMapPlace): string {
  return `cm://${namespace}/${name}`;
}

/**
 * Refuses names that the server would refuse, before anything is sent.
 *
 * @throws SlipwayError INVALID_INPUT
 */
export function checkPlace(place: ConfigMapPlace): void {
  try {
    checkNamespace(place.namespace);
    checkName(place.name, "ConfigMap");
  } catch (error) {
    throw error instanceof SlipwayError ? error.at({ file: addressOf(place) }) : error;
  }
}
