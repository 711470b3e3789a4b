import { textAt } from "@slipway/base";
import { kubectl } from "../advice.ts";
import type { Diagnosis } from "../diagnosis.ts";
import type { Facts } from "../facts.ts";
import { shellWord } from "../../shell.ts";
import type { Rule } from "./rule.ts";

/**
 * A service waits for its cache: what is the matter with the cache is the cause.
 *
 * @param diagnose makes the diagnosis of the cache
 */
export function cacheNotReady(diagnose: (facts: Facts) => Diagnosis): Rule {
  return (found) => {
    const { cache } = found;
    if (cache === undefined || found.state === "Ready") return undefined;
    if (cache.facts.state === "missing")
      return {
        cause: "cache-missing",
        verdict: "problem",
        summary: `The service takes its model from the NIMCache "${cache.name}", which does not exist in namespace "${found.namespace}".`,
        next: {
          text: "Create it, with the image of the NIM in place of IMAGE and a size that holds the model; the service goes on by itself.",
          command: kubectl(
            `nim create nimcache ${shellWord(cache.name)} --nim-source=ngc --model-puller=IMAGE --pvc-create=true --pvc-size=200Gi`,
            found,
          ),
        },
      };
    if (cache.facts.state === "unknown") return undefined;
    const { object } = cache.facts.value;
    if (textAt(object, "status", "state") === "Ready") return undefined;
    const because = diagnose(cache.facts.value);
    return {
      cause: because.verdict === "problem" ? "cache-has-a-problem" : "cache-not-ready",
      verdict: because.verdict === "healthy" ? "under way" : because.verdict,
      summary: `The service waits for the NIMCache "${cache.name}": ${because.summary}`,
      next: because.next,
      because,
    };
  };
}
