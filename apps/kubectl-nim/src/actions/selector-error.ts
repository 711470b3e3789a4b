import { SlipwayError } from "@slipway/base";
import { KubeApiError, type SelectOptions } from "@slipway/kube";

const LABELS_HINT = "Labels are selected like -l app=llm,tier!=test, or -l 'app in (a, b)'.";
const FIELDS_HINT =
  "For these kinds the server knows metadata.name and metadata.namespace alone; -o json and jq select by any field.";

/**
 * What listing by a selector failed with, with the flag and its value where it is the selector that the server refuses
 * (status 400); the server's own sentence names neither.
 */
export function selectorError(
  error: unknown,
  { labelSelector = "", fieldSelector = "" }: Pick<SelectOptions, "labelSelector" | "fieldSelector">,
): unknown {
  if (!(error instanceof KubeApiError) || error.status !== 400) return error;
  if (labelSelector === "" && fieldSelector === "") return error;
  // k8s.io/apimachinery, fields.ParseSelector and the conversion of field labels.
  const isFields = labelSelector === "" || (fieldSelector !== "" && /field|invalid selector/.test(error.message));
  const given = isFields ? `--field-selector ${fieldSelector}` : `-l ${labelSelector}`;
  const hint = isFields ? FIELDS_HINT : LABELS_HINT;
  return new SlipwayError("USAGE", `${given}: ${error.message}`, { hint, cause: error });
}
