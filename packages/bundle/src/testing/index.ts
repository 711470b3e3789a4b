export { startDockerRegistry, type DockerRegistry } from "./docker-registry.ts";
export { startFakeRegistry, type FakeRegistry, type FakeRegistryOptions, type SeenRequest } from "./fake-registry.ts";
