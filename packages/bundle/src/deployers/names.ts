import { SlipwayError } from "@slipway/base";
import type { BundleComponent } from "../model.ts";

/** What Kubernetes takes for the name of an object: an RFC 1123 subdomain. Helm takes the same for that of a release. */
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** A namespace is an RFC 1123 label. */
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const MAX_RELEASE = 53;
/** Argo CD and Flux write the name of an object into a label of all that it installs, and a label holds 63 signs. */
const MAX_LABEL = 63;

const NAMESPACE_RULE = "at most 63 lower-case letters, digits and dashes";

/** A sentence for each component whose name helm refuses for a release, or whose namespace no cluster can have. */
export function nameWarnings(components: readonly BundleComponent[]): readonly string[] {
  return components.flatMap(({ name, installation, namespace }) => [
    ...(installation.kind !== "chart" || isName(name, MAX_RELEASE)
      ? []
      : [`${name}: helm will refuse it as the name of a release (at most 53 lower-case letters, digits and dashes)`]),
    ...(isNamespace(namespace)
      ? []
      : [`${name}: no cluster can have the namespace ${JSON.stringify(namespace)} (${NAMESPACE_RULE})`]),
  ]);
}

/**
 * Makes sure that every component can name an object of Argo CD or Flux, and its release where it has one.
 *
 * @throws SlipwayError INVALID_INPUT for a name or a namespace that a cluster would refuse
 */
export function checkObjectNames(components: readonly BundleComponent[]): void {
  for (const { name, installation, namespace } of components) {
    const longest = installation.kind === "chart" ? MAX_RELEASE : MAX_LABEL;
    if (!isName(name, longest))
      throw new SlipwayError("INVALID_INPUT", `"${name}" cannot name an object of Kubernetes`, {
        hint: `Use at most ${longest} lower-case letters, digits and dashes.`,
      });
    if (!isNamespace(namespace))
      throw new SlipwayError("INVALID_INPUT", `no cluster can have the namespace ${JSON.stringify(namespace)}`, {
        place: { field: `${name}.namespace` },
        hint: `Use ${NAMESPACE_RULE}.`,
      });
  }
}

/** Whether a name fits the label that Argo CD and Flux write it into. */
export function fitsLabel(name: string): boolean {
  return name.length <= MAX_LABEL;
}

function isName(name: string, longest: number): boolean {
  return name.length <= longest && OBJECT_NAME.test(name);
}

function isNamespace(namespace: string | undefined): boolean {
  return namespace === undefined || NAMESPACE.test(namespace);
}
