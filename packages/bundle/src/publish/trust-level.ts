import { SlipwayError, didYouMean } from "@slipway/base";

/** How far a bundle can be trusted, weakest first. */
export const TRUST_LEVELS = ["unknown", "unverified", "attested", "verified"] as const;

/** See {@link TRUST_LEVELS}. */
export type TrustLevel = (typeof TRUST_LEVELS)[number];

/** What may be asked for: a level, or `max`, the highest that the bundle can reach, which asks for nothing. */
export const MINIMUM_TRUST_LEVELS = [...TRUST_LEVELS, "max"] as const;

/** See {@link MINIMUM_TRUST_LEVELS}. */
export type MinimumTrustLevel = (typeof MINIMUM_TRUST_LEVELS)[number];

/** Reads the value of `--min-trust-level`. Throws USAGE with the values that there are. */
export function parseMinimumTrustLevel(text: string): MinimumTrustLevel {
  const level = MINIMUM_TRUST_LEVELS.find((name) => name === text);
  if (level !== undefined) return level;
  throw new SlipwayError("USAGE", `--min-trust-level: "${text}" is none of ${MINIMUM_TRUST_LEVELS.join(", ")}`, {
    hint: didYouMean(text, MINIMUM_TRUST_LEVELS),
  });
}

/** Why a bundle's level is not enough; nothing when it is. */
export function trustShortfall(actual: TrustLevel, minimum: MinimumTrustLevel): string | undefined {
  if (minimum === "max" || TRUST_LEVELS.indexOf(actual) >= TRUST_LEVELS.indexOf(minimum)) return undefined;
  return `the trust level is ${actual}, at least ${minimum} was asked for`;
}
