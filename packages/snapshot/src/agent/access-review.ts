import { SlipwayError, group, valueAt } from "@slipway/base";
import { RESOURCES, type KubeObject } from "@slipway/kube";
import type { AgentDeps } from "./deps.ts";
import { repeated } from "./repeated.ts";
import { describeRight, type Right } from "./rights.ts";

const AT_ONCE = 10;

/**
 * Which of some rights the user lacks, by asking the server.
 *
 * @throws SlipwayError as `KubeApi.create` does
 */
export async function missingRights(
  { client, signal }: Pick<AgentDeps, "client" | "signal">,
  rights: readonly Right[],
): Promise<readonly Right[]> {
  const answers = await group(
    AT_ONCE,
    rights.map((right) => async (signal) => {
      const review = reviewOf(right);
      const ask = async () => client.create(RESOURCES.selfSubjectAccessReviews, review, { signal });
      const answer = await repeated(ask, signal);
      return valueAt(answer, "status", "allowed") === true;
    }),
    signal,
  );
  return rights.filter((_right, index) => answers[index] !== true);
}

function reviewOf({ verb, group, resource, namespace }: Right): KubeObject {
  const [plural = "", subresource] = resource.split("/");
  const resourceAttributes = {
    ...(namespace === undefined ? {} : { namespace }),
    verb,
    group,
    resource: plural,
    ...(subresource === undefined ? {} : { subresource }),
  };
  return {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    metadata: {},
    spec: { resourceAttributes },
  };
}

/** More rights than these are not told one by one: whoever lacks so many was never given any. */
const MOST_TOLD = 5;

/** The rights that are missing, with what grants them. */
export function lacksRights(missing: readonly Right[], namespace: string): SlipwayError {
  const told = missing.slice(0, MOST_TOLD).map(describeRight).join("; ");
  const left = missing.length - MOST_TOLD;
  const list = left > 0 ? `${told}; and ${left} more` : told;
  return new SlipwayError("NOT_ALLOWED", `the agent cannot be started, because you may not: ${list}`, {
    hint:
      `An administrator grants all that is needed with aicr snapshot --print-rbac -n ${namespace} | kubectl apply -f - ` +
      `and binds it to you with the commands in its comments. With --service-account-name less is needed.`,
  });
}
