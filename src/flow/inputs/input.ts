import type { TaskResult } from "./reference.ts";
import type { Unmapped } from "./unmapped.ts";

/** What is passed on as it is: references are not looked for inside these. */
type Leaf =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | RegExp
  | Error
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | ArrayBufferLike
  | ArrayBufferView
  | ((...args: never) => unknown);

/** A value, a reference to one, or a shape of objects and arrays that holds references at any depth. */
export type Input<T> = T | TaskResult<T> | Nested<T>;
type Nested<T> = T extends Leaf ? never : T extends object ? { readonly [Key in keyof T]: Input<T[Key]> } : never;

/** The inputs of a call, by name. */
export type Inputs<I> = { readonly [Key in keyof I]: Input<I[Key]> };

/** The inputs of `task.map`: each is an array, or a reference to one, unless it is {@link Unmapped}. */
export type MapInputs<I> = { readonly [Key in keyof I]: MapInput<I[Key]> };
type MapInput<T> = Unmapped<Input<T>> | TaskResult<readonly T[]> | readonly Input<T>[];

/** A body: it takes one object of named inputs, or nothing. */
export type TaskBody = (inputs: never) => unknown;

/** A body without inputs takes none by name. */
type NoInputs = Record<string, never>;

/** The inputs object of a body. */
export type InputsOf<Body extends TaskBody> =
  Parameters<Body> extends [] ? NoInputs : Exclude<Parameters<Body>[0], undefined>;

/** What a body makes, awaited. */
export type ResultOf<Body extends TaskBody> = Awaited<ReturnType<Body>>;

/** Refuses a body whose parameter is no object of named inputs. */
export type WithNamedInputs<Body extends TaskBody> =
  InputsOf<Body> extends readonly unknown[] ? never : InputsOf<Body> extends object ? unknown : never;
