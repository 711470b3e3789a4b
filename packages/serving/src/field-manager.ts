/** Who changes what, for the server's book-keeping of fields. */
export const FIELD_MANAGER = "kubectl-nim";
