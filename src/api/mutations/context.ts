import type { GraphQLFieldResolver } from "graphql";
import { toWireTime } from "../../state/index.ts";
import type { Database } from "../database/database.ts";
import type { SecretBox } from "../database/secret-box.ts";
import type { Dialect } from "../rules/dialect.ts";

/** What a request is worked through with. */
export interface RequestContext {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly tenantId: string;
  /** The agent that sent the request, by its `X-PREFECT-AGENT-ID` header. */
  readonly agentId: string | null;
  /** How the request is written, and so which states it may bring. */
  readonly dialect: Dialect;
  /** What every request has to bring; null: this API takes any. */
  readonly key: string | null;
  /** flow-runner's version. */
  readonly version: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** When a flow's schedule has to be looked at again, in epoch milliseconds by the flow's id; not there: now. */
  readonly lookAgain: Map<string, number>;
}

export type Resolver = GraphQLFieldResolver<unknown, RequestContext>;

/** A mutation whose writes are all done, or none. */
export const whole =
  <Input>(work: (input: Input, context: RequestContext) => unknown): Resolver =>
  (_, { input }, context) =>
    context.database.step(() => work(input, context));

/**
 * A mutation over a list. The first item that is refused fails the field, and those before it stay.
 *
 * Prefect 1.x works on the items at once, without a transaction: any of the siblings may then be stored or not.
 */
export const itemByItem =
  <Item>(items: string, work: (item: Item, context: RequestContext) => unknown): Resolver =>
  (_, { input }, context) => ({
    [items]: (input[items] as Item[]).map((item) => context.database.step(() => work(item, context))),
  });

export const timeOf = ({ now }: RequestContext): string => toWireTime(now());

export const newId = (): string => crypto.randomUUID();

/** JSON as a column keeps it. */
export const jsonColumn = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);
