"""Makes Secret blocks and a variable with Prefect 3's own client: a text, an object, and one of Prefect 2's schema."""

import asyncio

from prefect.blocks.system import Secret
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import BlockDocumentCreate, BlockSchemaCreate
from prefect.variables import Variable


async def main() -> None:
    await Secret(value="tok-3f9c1d").save("p3data-token", overwrite=True)
    await Secret(value={"user": "ada", "password": "lovelace-1815"}).save(
        "p3data-login", overwrite=True
    )
    await Variable.aset("p3data-theirs", {"region": ["eu", 1]}, overwrite=True)
    async with get_client() as client:
        block_type = await client.read_block_type_by_slug("secret")
        schema = await client.create_block_schema(
            BlockSchemaCreate(
                fields={
                    "title": "Secret",
                    "type": "object",
                    "properties": {
                        "value": {
                            "title": "Value",
                            "type": "string",
                            "writeOnly": True,
                            "format": "password",
                        }
                    },
                    "required": ["value"],
                    "secret_fields": ["value"],
                    "block_type_slug": "secret",
                    "block_schema_references": {},
                },
                block_type_id=block_type.id,
                capabilities=[],
                version="2.0.0",
            )
        )
        await client.create_block_document(
            BlockDocumentCreate(
                name="p3data-old",
                data={"value": "old-77aa21"},
                block_schema_id=schema.id,
                block_type_id=block_type.id,
            )
        )
    print("{}")


asyncio.run(main())
