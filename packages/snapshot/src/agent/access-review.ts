import { SlipwayError, group } from "@slipway/base";
import { RESOURCES, type KubeObject } from "@slipway/kube";
import { at } from "../collect-cluster/at.ts";
import type { AgentDeps } from "./deps.ts";
import { grantOf } from "./print-rbac.ts";
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
      return at(answer, "status", "allowed") === true;
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

/** All rights that are missing, with what grants them. */
export function lacksRights(missing: readonly Right[], namespace: string): SlipwayError {
  const list = missing.map(describeRight).join("; ");
  const grant = grantOf(missing, "aicr-snapshot-user", namespace);
  return new SlipwayError("NOT_ALLOWED", `the agent cannot be started, because you may not: ${list}`, {
    hint:
      `An administrator grants it with the following, bound to you; --print-rbac prints all that is needed, and with ` +
      `--service-account-name less is.\n${grant}`,
  });
}
