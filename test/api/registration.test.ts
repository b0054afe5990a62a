import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createProject, createRun, flowForm, openApi, register, taskForm } from "./api-client.ts";

const compress = (form: object): string => gzipSync(JSON.stringify(form)).toString("base64");

describe("projects", () => {
  test("a second project of the same name is refused in the words by which Prefect's client finds the first", async () => {
    const client = await openApi();
    await createProject(client, "demo");
    expect(await client.refusal("create_project", { tenant_id: client.api.tenantId, name: "demo" })).toBe(
      "INTERNAL_SERVER_ERROR: Uniqueness violation.",
    );
  });

  test("a project of another tenant is refused", async () => {
    const client = await openApi();
    const input = { tenant_id: crypto.randomUUID(), name: "demo" };
    expect(await client.refusal("create_project", input)).toContain("Foreign key violation.");
  });

  test("deleting a project takes its flows, runs and states with it", async () => {
    const client = await openApi();
    const { projectId, flowId } = await register(client, flowForm("f", [taskForm("a-1")]));
    await createRun(client, flowId);
    expect(await client.mutate("delete_project", { project_id: projectId }, "{ success }")).toEqual({ success: true });
    expect(await client.send("{ project { id } flow { id } flow_run { id } task_run_state { id } }")).toEqual({
      ...{ project: [], flow: [], flow_run: [], task_run_state: [] },
    });
  });
});

describe("flows", () => {
  test("registers in the order of Prefect's client: compressed flow, tasks, edges", async () => {
    const client = await openApi();
    const { tasks: _, edges: __, ...form } = flowForm("f", [], { parameters: [{ name: "day", slug: "day" }] });
    const project_id = await createProject(client, "demo");
    const { id: flow_id } = await client.mutate("create_flow_from_compressed_string", {
      ...{ project_id, serialized_flow: compress(form), set_schedule_active: false, version_group_id: null },
    });
    const tasks = [taskForm("a-1", { max_retries: 2, retry_delay: 90, tags: ["x"] }), taskForm("b-1")];
    const success = { success: true };
    expect(await client.mutate("register_tasks", { flow_id, serialized_tasks: tasks }, "{ success }")).toEqual(success);
    const edge = { upstream_task: { slug: "a-1" }, downstream_task: { slug: "b-1" }, key: "rows", mapped: true };
    expect(await client.mutate("register_edges", { flow_id, serialized_edges: [edge] }, "{ success }")).toEqual(
      success,
    );

    const answer = await client.send(
      `query($id: uuid!) { flow_by_pk(id: $id) {
        name version archived core_version storage settings serialized_flow project { name }
        tasks { slug max_retries retry_delay trigger tags }
        edges { key mapped upstream_task { slug } downstream_task { slug } }
      } }`,
      { id: flow_id },
    );
    expect(answer.flow_by_pk).toEqual({
      ...{ name: "f", version: 1, archived: false, core_version: "1.4.1", storage: { type: "Local", flows: {} } },
      settings: expect.objectContaining({ heartbeat_enabled: true, lazarus_enabled: true }),
      serialized_flow: { ...form, tasks },
      project: { name: "demo" },
      tasks: [
        {
          ...{ slug: "a-1", max_retries: 2, retry_delay: "00:01:30", tags: ["x"] },
          trigger: "prefect.triggers.all_successful",
        },
        { slug: "b-1", max_retries: 0, retry_delay: null, trigger: "prefect.triggers.all_successful", tags: [] },
      ],
      edges: [{ key: "rows", mapped: true, upstream_task: { slug: "a-1" }, downstream_task: { slug: "b-1" } }],
    });
  });

  test("a batch of tasks and edges may be sent twice", async () => {
    const client = await openApi();
    const { flowId: flow_id } = await register(client, flowForm("f", []));
    const edges = [{ upstream_task: "a-1", downstream_task: "b-1" }];
    for (let times = 0; times < 2; times += 1) {
      await client.mutate(
        "register_tasks",
        { flow_id, serialized_tasks: [taskForm("a-1"), taskForm("b-1")] },
        "{ success }",
      );
      await client.mutate("register_edges", { flow_id, serialized_edges: edges }, "{ success }");
    }
    expect(await client.send("{ task { slug } edge { key } }")).toEqual({
      task: [{ slug: "a-1" }, { slug: "b-1" }],
      edge: [{ key: null }],
    });
  });

  test("an edge to a task that is not there is refused, and none of its batch stays", async () => {
    const client = await openApi();
    const { flowId: flow_id } = await register(client, flowForm("f", [taskForm("a-1"), taskForm("b-1")]));
    const serialized_edges = [
      { upstream_task: "a-1", downstream_task: "b-1" },
      { upstream_task: "a-1", downstream_task: "c-1" },
    ];
    expect(await client.refusal("register_edges", { flow_id, serialized_edges }, "{ success }")).toContain(
      "some edges reference tasks that do not exist within this flow",
    );
    expect(await client.send("{ edge { id } }")).toEqual({ edge: [] });
  });

  test("a new version archives the one before it and cancels its runs that have not started", async () => {
    const client = await openApi();
    const first = await register(client, flowForm("f", [taskForm("a-1")]));
    const waiting = await createRun(client, first.flowId);
    const second = await register(client, flowForm("f", [taskForm("a-1")]), first.projectId);
    expect(await client.send("{ flow { id version archived } flow_run { id state state_message } }")).toEqual({
      flow: [
        { id: first.flowId, version: 1, archived: true },
        { id: second.flowId, version: 2, archived: false },
      ],
      flow_run: [{ id: waiting.flowRunId, state: "Cancelled", state_message: `Flow ${first.flowId} was archived.` }],
    });
    expect(await client.refusal("create_flow_run", { flow_id: first.flowId })).toContain("is archived");
  });

  test("the same idempotency key gives the version that is there; another one a new version", async () => {
    const client = await openApi();
    const project_id = await createProject(client, "demo");
    const create = (idempotency_key: string) =>
      client.mutate("create_flow", { project_id, serialized_flow: flowForm("f", []), idempotency_key });
    const first = await create("k1");
    expect(await create("k1")).toEqual(first);
    expect(await create("k2")).not.toEqual(first);
  });

  test.each([
    ["what is no gzip", "create_flow_from_compressed_string", "!!!", "Unable to decompress serialized flow"],
    ["a flow without a name", "create_flow", { tasks: [] }, "Invalid serialized flow at name"],
    [
      "a task without a slug",
      "create_flow",
      { name: "f", tasks: [{ name: "a" }] },
      "Invalid serialized tasks at 0.slug",
    ],
  ])("%s is refused, and nothing stays of it", async (_, mutation, serialized_flow, message) => {
    const client = await openApi();
    const project_id = await createProject(client, "demo");
    expect(await client.refusal(mutation, { project_id, serialized_flow })).toContain(message);
    expect(await client.send("{ flow { id } flow_group { id } }")).toEqual({ flow: [], flow_group: [] });
  });

  test("an unknown project or flow is refused", async () => {
    const client = await openApi();
    const id = crypto.randomUUID();
    const flow = { project_id: id, serialized_flow: flowForm("f", []) };
    expect(await client.refusal("create_flow", flow)).toContain("Invalid project.");
    const tasks = { flow_id: id, serialized_tasks: [] };
    expect(await client.refusal("register_tasks", tasks, "{ success }")).toContain("Invalid flow ID");
  });
});
