import type { CertificatePair } from "@slipway/base/testing/certificates";
import type { User } from "./files.ts";
import type { Ports } from "./flags.ts";
import type { PartName } from "./part.ts";
import type { ControlPlanePrograms } from "./programs.ts";

/** What a control plane is started with. */
export interface ControlPlaneOptions {
  readonly programs: ControlPlanePrograms;
  /** Ends the start; what was started until then is stopped. Later it changes nothing: see {@link ControlPlane.stop}. */
  readonly signal?: AbortSignal | undefined;
  /** Whether kwok plays the kubelet of nodes with the annotation `kwok.x-k8s.io/node: fake`. It does unless told. */
  readonly kwok?: boolean | undefined;
  /** Ports of 127.0.0.1; free ones unless given. */
  readonly ports?: Partial<Ports> | undefined;
  /** Further flags, e.g. `{ "kube-apiserver": ["--max-requests-inflight=5"] }`. */
  readonly flags?: Partial<Readonly<Record<PartName, readonly string[]>>> | undefined;
  /** Told what is done, a line at a time. */
  readonly log?: ((line: string) => void) | undefined;
  /** Milliseconds until the start fails with TIMED_OUT; a minute unless given. */
  readonly timeoutMs?: number | undefined;
}

/** A Kubernetes cluster without machines, on 127.0.0.1. It ends with this process at the latest. */
export interface ControlPlane {
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  /** Path of a kubeconfig whose user may do everything. */
  readonly kubeconfig: string;
  /** Where everything of it is; gone after {@link ControlPlane.stop}. */
  readonly directory: string;
  /** PEM of the authority that signed the server's certificate and those of all users. */
  readonly ca: string;
  /** Client certificate of the administrator. */
  readonly admin: CertificatePair;
  /** Process ids of the parts that run. */
  readonly processes: ReadonlyMap<PartName, number>;
  /** A certificate for a server of this machine that clients of this cluster trust. */
  servingCertificate(): Promise<CertificatePair>;
  /** Path of a kubeconfig for another user, or for the holder of a token; `server` leads elsewhere, e.g. to a proxy. */
  kubeconfigFor(identity: User | { readonly token: string }, options?: { readonly server?: string }): Promise<string>;
  /** Ends the API server and starts it anew on the same port; `abrupt` kills it. Ready again when this resolves. */
  restartApiServer(options?: { readonly abrupt?: boolean }): Promise<void>;
  /** The end of what a part wrote. */
  log(part: PartName): Promise<string>;
  /** Ends all parts and removes the directory. */
  stop(): Promise<void>;
}
