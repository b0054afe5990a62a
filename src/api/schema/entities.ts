import type { Entity, EntityName } from "./entity.ts";
import { registrationEntities } from "./registration-entities.ts";
import { runEntities } from "./run-entities.ts";

/** The tables that Prefect 1.x's Hasura shows, in its names (PrefectHQ/server, database/models.py). */
export const entities: Readonly<Record<EntityName, Entity>> = { ...registrationEntities, ...runEntities };

export const entityNames = Object.keys(entities) as EntityName[];
