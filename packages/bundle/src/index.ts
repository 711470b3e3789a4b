// What differs between two recipes or bundles.
export {
  bundleDocument,
  diffBundles,
  diffDocuments,
  diffRecipes,
  differenceText,
  differenceTree,
  documentPatch,
  type Change,
  type ChangeGroup,
  type ChangeKind,
  type Difference,
  type HydratedRecipe,
} from "./diff/index.ts";
export { bytesOf, checkBundlePath, pathFault } from "./bundle-path.ts";
