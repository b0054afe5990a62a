import { beforeAll, expect, test } from "vitest";
import { eventually } from "../../eventually.ts";
import { baseImage, describeWithDocker, docker, dockerDone, type Ran } from "./engine.ts";

/**
 * Leaves an orphan that ends at once, waits for half a minute at most until it has been reaped, and prints the processes
 * that are zombies then. The shell that made the orphan is gone: only an init can reap it.
 */
const orphans = `
orphan=$(sh -c 'sleep 0.1 >/dev/null & echo $!') ; tries=0
while [ -e "/proc/$orphan" ] && [ $tries -lt 300 ]; do sleep 0.1; tries=$((tries + 1)); done
for each in /proc/[0-9]*/stat; do read -r line <"$each" 2>/dev/null && case "$line" in *") Z "*) echo "zombie: $line" ;; esac; done
tr '\\0' ' ' </proc/1/cmdline
`;

/** Prints the command line of every process of the container but those of `docker exec`, and which of them show the key. */
const environments = `
for each in /proc/[0-9]*; do
  case "$(tr '\\0' ' ' <$each/cmdline 2>/dev/null)" in
    *KEY*) ;;
    "") ;;
    *)
      tr '\\0' ' ' <$each/cmdline; echo
      tr '\\0' '\\n' <$each/environ | grep -q the-key-0815 && echo "KEY IN $each"
  esac
done
true`;

describeWithDocker("the base image", () => {
  let image: string;
  const runImage = (...args: readonly string[]): Promise<Ran> => docker("run", "--rm", image, ...args);
  const runShell = (command: string): Promise<Ran> =>
    docker("run", "--rm", "--entrypoint", "/bin/sh", image, "-c", command);

  beforeAll(async () => {
    image = await baseImage();
  }, 600_000);

  test("executes the flow run of the environment when it is given no command", async () => {
    const { exitCode, err } = await runImage();
    expect(err).toContain("[FLOW_RUN_ID_MISSING]");
    expect(exitCode).toBe(2);
  });

  test.each([["prefect"], ["flow-runner"]])("runs a command of %s by that name", async (name) => {
    const { exitCode, out } = await runImage(name, "--help");
    expect(out).toContain(`Usage: ${name} `);
    expect(exitCode).toBe(0);
  });

  test("executes anything else as it is, and says when there is no such program", async () => {
    expect(await runImage("sh", "-c", "echo here; exit 7")).toMatchObject({ out: "here", exitCode: 7 });
    expect(await runImage("no-such-program")).toMatchObject({ exitCode: 127 });
  });

  test("runs Prefect's command also for an agent that replaces the entrypoint by a shell", async () => {
    const { exitCode, err } = await runShell("prefect execute flow-run");
    expect(err).toContain("[FLOW_RUN_ID_MISSING]");
    expect(exitCode).toBe(2);
  });

  test("reaps orphans in every way in", async () => {
    const byEntrypoint = await runImage("sh", "-c", orphans);
    expect(byEntrypoint.out).toMatch(/^tini /);
    const source = `import { execSync } from "node:child_process";
      import { flow, task } from "flow-runner";
      const leave = task("leave orphans", () => { console.log("told:" + execSync(${JSON.stringify(orphans)})); });
      export const careless = flow("careless", () => leave());`;
    const encoded = Buffer.from(source).toString("base64");
    const replaced = await runShell(`echo ${encoded} | base64 -d >/app/careless.js; exec prefect run /app/careless.js`);
    const said = `${replaced.out}\n${replaced.err}`;
    expect(said, said).toContain("told:tini ");
    expect(said).not.toMatch(/zombie: \d/);
    expect(byEntrypoint.out).not.toMatch(/zombie: \d/);
  });

  test.each([
    ["by the image alone", []],
    ["by a shell behind its entrypoint", ["/bin/sh", "-c", "prefect execute flow-run"]],
  ])("shows the API key in no process's environment, started %s", async (_how, words: readonly string[]) => {
    const env = {
      PREFECT__CLOUD__API_KEY: "the-key-0815",
      PREFECT__CONTEXT__FLOW_RUN_ID: "a",
      PREFECT__CLOUD__API: "http://127.0.0.1:9",
    };
    const flags = Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
    const container = await dockerDone("run", "--detach", ...flags, image, ...words);
    try {
      await eventually(async () => {
        const processes = await dockerDone("exec", container, "sh", "-c", environments);
        // A host is the last to be started.
        expect(processes).toContain("child");
        expect(processes).toContain("tini");
        expect(processes).not.toContain("KEY IN");
      });
    } finally {
      await docker("rm", "--force", container);
    }
  });

  test("holds no cache of what it was built with, and stays slim", async () => {
    const bytes = Number(await dockerDone("image", "inspect", "--format", "{{.Size}}", image));
    expect(bytes / 1e6).toBeLessThan(330);
    expect((await runImage("sh", "-c", "ls /tmp /root/.npm /var/lib/apt/lists 2>/dev/null | grep -v :")).out).toBe("");
  });
});
