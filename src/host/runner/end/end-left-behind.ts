import { endLeftBehind } from "./left-behind.ts";

/** A program of its own: run as the user of the host whose mark it is given, where that is not the runner's. */
await endLeftBehind(process.argv[2] ?? "");
