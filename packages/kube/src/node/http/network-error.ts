import { SlipwayError, messageOf } from "@slipway/base";
import type { Target } from "./target.ts";

/** What names in TLS certificates, host names and connections can go wrong with, and what helps. */
const MEANINGS: readonly (readonly [codes: RegExp, says: string, hint: string])[] = [
  [/^ECONNREFUSED$/, "refuses the connection", "Is the cluster running, and is the port right?"],
  [
    /^(ENOTFOUND|EAI_\w+)$/,
    "has a name that cannot be resolved",
    "Check the host name, DNS and whether a VPN is needed.",
  ],
  [/^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/, "cannot be reached", "Is a VPN or a proxy needed?"],
  [
    /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE)$/,
    "has a certificate of an unknown authority",
    "Is certificate-authority in the kubeconfig that of this cluster? It changes when a cluster is made anew.",
  ],
  [/^CERT_HAS_EXPIRED$/, "has a certificate that has expired", "Renew it, and check this machine's clock."],
  [/^CERT_NOT_YET_VALID$/, "has a certificate that is not valid yet", "Check this machine's clock."],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    "has a certificate for other names",
    "Use a name that the certificate has as the server, or set tls-server-name in the kubeconfig.",
  ],
  [/^(EPROTO|ERR_SSL_\w*)$/, "speaks no TLS that is understood", "Is it https, and is the port right?"],
  [/^HPE_\w+$/, "does not speak HTTP", "Is the server in the kubeconfig https instead of http, and the port right?"],
  [
    /^(ECONNRESET|EPIPE|ECONNABORTED)$/,
    "ended the connection",
    "Try again; if it stays so, look at what is in between.",
  ],
];

/** TLS alerts by which a server refuses a client certificate. */
const REFUSED_CERTIFICATE =
  /alert (bad certificate|certificate (required|expired|revoked|unknown)|unknown ca)|ALERT_(BAD_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA)/i;

/**
 * What became of a connection as a SlipwayError: UNAVAILABLE with the server's address, what happened, and what helps;
 * NOT_ALLOWED when the server refuses the client certificate.
 */
export function networkError(error: unknown, { server, secure }: Target): SlipwayError {
  if (error instanceof SlipwayError) return error;
  const code = codeOf(error);
  const said = messageOf(error).trim();
  if (REFUSED_CERTIFICATE.test(`${code} ${said}`))
    return new SlipwayError("NOT_ALLOWED", `the server ${server} refuses the client certificate`, {
      hint: "It may have expired or be of another cluster: get the kubeconfig anew.",
      cause: error,
    });
  const [, says, hint] = MEANINGS.find(([codes]) => codes.test(code)) ?? [];
  if (says === undefined)
    return new SlipwayError("UNAVAILABLE", `the server ${server} cannot be talked to: ${said || code}`, {
      cause: error,
    });
  const detail = code === "ERR_TLS_CERT_ALTNAME_INVALID" ? `: ${said}` : "";
  const plain = !secure && code === "ECONNRESET" ? "Does the server want https instead of http?" : undefined;
  return new SlipwayError("UNAVAILABLE", `the server ${server} ${says}${detail}`, {
    hint: plain ?? hint,
    cause: error,
  });
}

/** Whether a request failed before any of it was sent. */
export function wasNotSent(error: SlipwayError): boolean {
  return /^(ECONNREFUSED|EAI_AGAIN)$/.test(codeOf(error.cause));
}

/** Whether another attempt may fare better. */
export function mayPass(error: SlipwayError): boolean {
  return /^(ECONNREFUSED|EAI_AGAIN|ECONNRESET|EPIPE|ECONNABORTED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/.test(
    codeOf(error.cause),
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
