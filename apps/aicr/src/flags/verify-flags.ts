import { choiceFlag, textFlag, type Suggestion } from "@slipway/terminal";

const RULES = "Rules";

/** The flags of `aicr verify`. */
export const VERIFY_FLAGS = {
  format: choiceFlag("format", ["text", "json"], "text", {
    summary: "form of the result",
    group: "Output",
    placeholder: "FORMAT",
    short: "t",
  }),
  minTrustLevel: textFlag("min-trust-level", {
    summary:
      "least trust that is enough: unknown, unverified, attested, verified, or max, what can be reached (default)",
    group: RULES,
    placeholder: "LEVEL",
    completion: trustLevels,
  }),
  requireCreator: textFlag("require-creator", {
    summary: "who must have attested the bundle",
    group: RULES,
    placeholder: "IDENTITY",
  }),
  cliVersionConstraint: textFlag("cli-version-constraint", {
    summary: "version of the program that must have attested the bundle",
    group: RULES,
    placeholder: "CONSTRAINT",
  }),
} as const;

async function trustLevels(): Promise<readonly Suggestion[]> {
  const { MINIMUM_TRUST_LEVELS } = await import("@slipway/bundle/publish");
  return MINIMUM_TRUST_LEVELS.map((value) => ({ value }));
}
