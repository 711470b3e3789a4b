export { inPipeAndTerminal, plain, wordsOf, type Seen } from "./command-line.ts";
export { fakeIo, type FakeIo, type FakeIoOptions } from "./fake-io.ts";
export { withDirectory, writeTree, type FileTree } from "./directory.ts";
