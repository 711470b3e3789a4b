import { SlipwayError } from "@slipway/base";
import type { BundleComponent } from "../model.ts";

/** What Kubernetes takes for the name of an object: an RFC 1123 subdomain of at most 253 signs. */
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** Helm takes the same for the name of a release, but shorter. */
const MAX_RELEASE = 53;
const MAX_OBJECT = 253;

/** A sentence for each component whose name helm refuses for a release. */
export function releaseNameWarnings(components: readonly BundleComponent[]): readonly string[] {
  return components
    .filter(({ name, installation }) => installation.kind === "chart" && !isName(name, MAX_RELEASE))
    .map(
      ({ name }) =>
        `${name}: helm will refuse it as the name of a release (lower-case letters, digits and dashes only)`,
    );
}

/**
 * Makes sure that every component can name an object of the cluster.
 *
 * @throws SlipwayError INVALID_INPUT for one that cannot
 */
export function checkObjectNames(components: readonly BundleComponent[]): void {
  const wrong = components.find(({ name }) => !isName(name, MAX_OBJECT));
  if (wrong === undefined) return;
  throw new SlipwayError("INVALID_INPUT", `"${wrong.name}" cannot name an object of Kubernetes`, {
    hint: "Use lower-case letters, digits and dashes.",
  });
}

function isName(name: string, longest: number): boolean {
  return name.length <= longest && OBJECT_NAME.test(name);
}
