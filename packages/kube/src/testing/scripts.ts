import { ApiFailure } from "./failure.ts";
import type { ExecScript } from "./exec.ts";
import type { ForwardScript } from "./forward.ts";
import type { ProxyScript } from "./proxy.ts";

/** What plays the containers, for a cluster without nodes; each may be replaced at any time. */
export interface PodScripts {
  exec: ExecScript;
  forward: ForwardScript;
  proxy: ProxyScript;
}

/** Containers in which nothing runs. */
export function emptyScripts(): PodScripts {
  return {
    exec: () => {
      throw new Error("no script plays this container");
    },
    forward: () => {
      throw new Error("connection refused");
    },
    proxy: ({ name }) => {
      throw new ApiFailure("ServiceUnavailable", `no endpoints available for service "${name}"`);
    },
  };
}
