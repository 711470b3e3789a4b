export {
  differenceText,
  differenceTree,
  type Change,
  type ChangeGroup,
  type ChangeKind,
  type Difference,
} from "./change.ts";
export { diffDocuments } from "./document-diff.ts";
export { documentPatch } from "./json-patch.ts";
export { diffRecipes, type HydratedRecipe } from "./recipe-diff.ts";
export { bundleDocument, diffBundles } from "./bundle-diff.ts";
