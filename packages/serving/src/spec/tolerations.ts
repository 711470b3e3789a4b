import { SlipwayError, didYouMean, type TreeMap } from "@slipway/base";
import { isLabelKey, isLabelValue } from "@slipway/kube";
import { eitherOf } from "./field.ts";

/** What a taint does (Kubernetes, Pod `spec.tolerations`). */
const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/**
 * Reads `KEY`, `KEY=VALUE`, `KEY:EFFECT` or `KEY=VALUE:EFFECT`; a `*` tolerates everything.
 *
 * @throws SlipwayError USAGE for anything else
 */
export function tolerationOf(flag: string, text: string): TreeMap {
  const [taint = "", effect, ...more] = text.split(":");
  if (more.length > 0) throw unreadable(flag, text);
  const effects = effect === undefined ? {} : { effect: checkedEffect(flag, effect) };
  if (taint === "*") return { operator: "Exists", ...effects };
  const [key = "", value, ...others] = taint.split("=");
  if (others.length > 0 || !isLabelKey(key) || !isLabelValue(value ?? "")) throw unreadable(flag, text);
  return value === undefined ? { key, operator: "Exists", ...effects } : { key, operator: "Equal", value, ...effects };
}

function checkedEffect(flag: string, effect: string): string {
  if (EFFECTS.includes(effect)) return effect;
  throw new SlipwayError("USAGE", `--${flag} takes the effects ${eitherOf(EFFECTS)}, not "${effect}"`, {
    hint: didYouMean(effect, EFFECTS),
  });
}

function unreadable(flag: string, text: string): SlipwayError {
  return new SlipwayError("USAGE", `--${flag} takes KEY[=VALUE][:EFFECT], not "${text}"`, {
    hint: "For example nvidia.com/gpu:NoSchedule.",
  });
}
