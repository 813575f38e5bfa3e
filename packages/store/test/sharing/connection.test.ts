import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Connection } from "../../src/sharing/connection.js";
import { temporaryFolder } from "../folder.js";

const MEBIBYTE = 2 ** 20;

/** Two ends of a socket: a Connection, and whoever is on its other side. */
async function pair(): Promise<{ connection: Connection; other: Socket }> {
  const path = join(await temporaryFolder(), "s");
  const server = createServer();
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const other = connect(path);
  const connection = new Connection(await accepted);
  onTestFinished(() => {
    other.destroy();
    connection.destroy();
    server.close();
  });
  return { connection, other };
}

test("who stops reading is given up when much waits for it, who reads slowly is not", async () => {
  for (const reads of [false, true]) {
    const { connection, other } = await pair();
    const frame = Buffer.alloc(MEBIBYTE);
    for (let n = 0; n < 70; n++) connection.push(frame);
    const reading = reads ? setInterval(() => other.read(), 200) : undefined;
    if (!reads) other.pause();
    await new Promise((resolve) => setTimeout(resolve, 5_500));
    connection.push(frame);
    clearInterval(reading);
    expect(connection.destroyed).toBe(!reads);
  }
});

test("what an end throws over a message ends the connection", async () => {
  const { connection, other } = await pair();
  const closed = new Promise<void>((resolve) =>
    connection.open(() => {
      throw new Error("not what was agreed");
    }, resolve),
  );
  other.write(Buffer.from([0, 0, 0, 2, 0x7b, 0x7d]));
  await closed;
  expect(connection.destroyed).toBe(true);
});
