import type { Given } from "../field.ts";

/** Values as a command line would give them: `{ tag: "1.0", env: ["A=b"], "pvc-create": "true" }`. */
export function givenOf<Flag extends string>(values: {
  readonly [Name in Flag]?: string | readonly string[];
}): Given<Flag> {
  const given: { [Name in Flag]?: readonly string[] } = {};
  for (const name in values) {
    const value = values[name];
    if (value !== undefined) given[name] = [value].flat();
  }
  return given;
}
