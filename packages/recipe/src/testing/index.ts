export { anyResolved, fakeRecipe, type Resolved } from "./arbitrary-catalog.ts";
export {
  fakeCatalog,
  fakeOverlay,
  fakeRegistryComponent,
  type FakeCatalog,
  type FakeCatalogParts,
} from "./fake-catalog.ts";
