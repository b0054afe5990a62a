import { describe, expect, test } from "vitest";
import { warned } from "./warned.ts";

describe("the gotcha missing-package", () => {
  test.each([
    ["import()", 'export const x = () => import("pg-of-old");'],
    ["import() of a part", 'export const x = () => import("pg-of-old/lib");'],
    ["import.meta.resolve", 'export const x = () => import.meta.resolve("pg-of-old");'],
    [
      "require",
      'import { createRequire } from "node:module"; const require = createRequire(import.meta.url); export const x = () => require("pg-of-old");',
    ],
    [
      "require.resolve",
      'import * as modules from "node:module"; const own = modules.createRequire(import.meta.url); export const x = () => own.resolve("pg-of-old");',
    ],
    ["import() of a constant", 'const name: string = "pg-of-old"; export const x = () => import(name);'],
  ])("warns of a package by %s that is not installed, and not of one that is", async (_, source) => {
    const [warning, ...others] = await warned(source);
    expect(warning).toMatch(/^missing-package at 1: imports "pg-of-old(\/lib)?", which is not installed here$/);
    expect(others).toEqual([]);
    expect(await warned(source, { prepare: (author) => author.install("pg-of-old", "1.0.0") })).toEqual([]);
  });

  test.each([
    ["a built-in module", 'export const x = () => import("node:fs");'],
    [
      "a failure that is caught",
      'export const x = async () => { try { await import("pg-of-old"); } catch { return 1; } };',
    ],
    ["a rejection that is caught", 'export const x = () => import("pg-of-old").catch(() => null);'],
    ["a name that is computed", "export const x = (name: string) => import(name);"],
  ])("does not warn of %s", async (_, source) => {
    expect(await warned(source)).toEqual([]);
  });
});
