/** A client certificate, PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What a request proves itself with. */
export interface Proof {
  /** Value of the header `Authorization`. */
  readonly authorization?: string | undefined;
  readonly certificate?: ClientCertificate | undefined;
}

/** Where proofs come from. */
export interface Credentials {
  /** @throws SlipwayError that names the user and its kubeconfig; never with a secret in it */
  current(signal: AbortSignal): Promise<Proof>;
  /** Tells that the server did not take a proof. @returns whether `current` may give another one */
  refused(proof: Proof): boolean;
}

/** Credentials that stay as they are. */
export function fixedCredentials(proof: Proof): Credentials {
  return { current: () => Promise.resolve(proof), refused: () => false };
}
