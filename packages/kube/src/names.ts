import { SlipwayError } from "@slipway/base";

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ and …/labels/
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_LENGTH = 63;
const SUBDOMAIN_LENGTH = 253;
const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Whether a text is a DNS-1123 label: what namespaces and containers are called. */
export function isLabelName(text: string): boolean {
  return text.length <= LABEL_LENGTH && LABEL.test(text);
}

/** Whether a text is a DNS-1123 subdomain: what most objects are called. */
export function isSubdomainName(text: string): boolean {
  return text.length <= SUBDOMAIN_LENGTH && text.split(".").every((part) => LABEL.test(part));
}

/** Whether a text may be the value of a label. */
export function isLabelValue(text: string): boolean {
  return text === "" || (text.length <= LABEL_LENGTH && QUALIFIED.test(text));
}

/** Whether a text may be the key of a label or an annotation: a name, and a domain before a slash if need be. */
export function isLabelKey(text: string): boolean {
  const [name = "", domain, ...more] = text.split("/").toReversed();
  const hasDomain = domain === undefined || isSubdomainName(domain);
  return more.length === 0 && hasDomain && name.length <= LABEL_LENGTH && QUALIFIED.test(name);
}

/**
 * Refuses a name that no namespace can have, so that nothing is sent.
 *
 * @returns the name
 * @throws SlipwayError INVALID_INPUT
 */
export function checkNamespace(name: string): string {
  if (isLabelName(name)) return name;
  throw badName(name, "namespace", `lower-case letters, digits and -, at most ${LABEL_LENGTH} of them`);
}

/**
 * Refuses a name that no object of most kinds can have, so that nothing is sent.
 *
 * @param what the kind, for messages: `ConfigMap`
 * @returns the name
 * @throws SlipwayError INVALID_INPUT
 */
export function checkName(name: string, what: string): string {
  if (isSubdomainName(name)) return name;
  throw badName(name, what, `lower-case letters, digits, - and ., at most ${SUBDOMAIN_LENGTH} of them`);
}

/** A text made into the value of a label: what is not allowed becomes `_`, what is too long is cut. */
export function labelValue(text: string): string {
  const ends = /^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g;
  return text
    .replaceAll(/[^-A-Za-z0-9_.]/g, "_")
    .replaceAll(ends, "")
    .slice(0, LABEL_LENGTH)
    .replaceAll(ends, "");
}

function badName(name: string, what: string, rule: string): SlipwayError {
  const message = `${JSON.stringify(name)} cannot be the name of a ${what}: expected ${rule}, with a letter or digit at both ends`;
  const better = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "");
  const hint = isLabelName(better) && better !== name ? `Did you mean ${better}?` : undefined;
  return new SlipwayError("INVALID_INPUT", message, { hint });
}
