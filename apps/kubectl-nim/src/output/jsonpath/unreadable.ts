import { SlipwayError } from "@slipway/base";

/** The error for a template that cannot be read. */
export function unreadable(template: string, why: string): SlipwayError {
  return new SlipwayError("USAGE", `the JSONPath ${JSON.stringify(template)} cannot be read: ${why}`, {
    hint: `For example: -o jsonpath='{.items[*].metadata.name}'`,
  });
}
