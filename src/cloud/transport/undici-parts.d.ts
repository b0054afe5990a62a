/** All of undici, by the one export that a bundle of a CommonJS module has. */
declare module "undici/index.js" {
  const undici: typeof import("undici");
  export default undici;
}

/** The part of undici that is loaded by itself: its index loads all of it, fetch, WebSocket and mocks included. */
declare module "undici/lib/dispatcher/pool.js" {
  export { Pool as default } from "undici";
}
