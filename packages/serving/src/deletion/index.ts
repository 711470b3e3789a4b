export { consequencesOf, type Cascade, type Consequences } from "./consequences.ts";
export { deleteObject, type DeletionOptions } from "./delete-object.ts";
