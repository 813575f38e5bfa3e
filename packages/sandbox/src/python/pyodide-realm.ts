/**
 * JavaScript that runs inside the context in which Pyodide lives, before it. Pyodide finds a shell there: no Node, no
 * browser, nothing that could fetch, open or start. The host's functions stay inside closures, and what they return or
 * throw is copied, so that Python never holds an object of the host: from one, a program could reach the host's `Function`.
 */
export const PYODIDE_REALM: string = `(function (host) {
  "use strict";
  // Taken before any code of a program runs: a replaced \`set\` must not be handed the host's bytes.
  const Bytes = Uint8Array;
  const { apply } = Reflect;
  const { set, subarray } = Uint8Array.prototype;
  const { map, join } = Array.prototype;
  const { min } = Math;
  const copyBytes = (bytes) => { const copy = new Bytes(bytes.length); apply(set, copy, [bytes]); return copy; };
  const safely = (run) => { try { return run(); } catch { throw new Error("not available in this sandbox"); } };
  const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  define("read", (name) => safely(() => String(host.text(String(name)))));
  define("load", () => { throw new Error("not available in this sandbox"); });
  define("readbuffer", (name) => safely(() => copyBytes(host.bytes(String(name))).buffer));
  const print = (...parts) => safely(() => { host.log(String(apply(join, apply(map, parts, [String]), [" "]))); });
  define("console", { log: print, warn: print, error: print, info: print, debug: print });
  define("performance", { now: () => safely(() => Number(host.now())) });
  // Pyodide asks a shell for random bytes with this command.
  define("os", { system: (_shell, args) => safely(() => {
    const count = Number(/-c\\s?(\\d+)/.exec(String(args[1]))[1]);
    return String(host.random(min(count, 65536)));
  }) });
  define("setTimeout", (run, ms) => safely(() => Number(host.setTimeout(() => run(), Number(ms)))));
  define("clearTimeout", (id) => safely(() => { host.clearTimeout(Number(id)); }));
  define("TextDecoder", class TextDecoder {
    decode(view) { return view === undefined ? "" : safely(() => String(host.decode(view))); }
  });
  define("TextEncoder", class TextEncoder {
    encode(text) { return safely(() => copyBytes(host.encode(String(text)))); }
    encodeInto(text, target) {
      const bytes = this.encode(text);
      target.set(bytes);
      return { read: String(text).length, written: bytes.length };
    }
  });
  // All growth of the memory of WebAssembly passes here: the module asks JavaScript for it.
  const memory = { limit: Infinity, refused: false };
  const { grow } = WebAssembly.Memory.prototype;
  const bufferOf = Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, "buffer").get;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (apply(bufferOf, this, []).byteLength + pages * 65536 > memory.limit) {
      memory.refused = true;
      throw new RangeError("over the memory limit");
    }
    return apply(grow, this, [pages]);
  };
  let python, run, test, candidate;
  const send = (text) => { safely(() => { host.send(String(text)); }); };
  const receive = () => safely(() => { const text = host.receive(); return text === undefined ? undefined : String(text); });
  return {
    refuse() { throw new Error("not available in this sandbox"); },
    async load(createPyodideModule, loadPyodide, snapshot, makeSnapshot) {
      const options = {
        indexURL: "/", packageBaseUrl: "/", createPyodideModule, jsglobals: Object.create(null),
        env: { HOME: "/home/agent", PYTHONHASHSEED: "0", LANG: "C.UTF-8" }, _makeSnapshot: makeSnapshot,
      };
      if (snapshot) options._loadSnapshot = copyBytes(snapshot);
      python = await loadPyodide(options);
    },
    python(code) { python.runPython(code); },
    setup(modules) { python.globals.get("_agentos_setup")(modules); },
    snapshot() { return python.makeMemorySnapshot(); },
    connect() {
      const stream = (descriptor) => ({
        isatty: false,
        write(bytes) { safely(() => host.write(descriptor, bytes)); return bytes.length; },
      });
      python.setStdout(stream(1));
      python.setStderr(stream(2));
      let input = new Bytes(0);
      python.setStdin({ isatty: false, read(target) {
        if (input.length === 0) input = safely(() => copyBytes(host.input()));
        const part = apply(subarray, input, [0, min(input.length, target.length)]);
        apply(set, target, [part]);
        input = apply(subarray, input, [part.length]);
        return part.length;
      } });
      python.globals.get("_agentos_start")();
      run = python.globals.get("_agentos_run");
      test = python.globals.get("_agentos_test");
      candidate = python.globals.get("_agentos_candidate");
      for (const name of ["setup", "start", "run", "test", "candidate"]) python.globals.delete("_agentos_" + name);
    },
    limitMemory(bytes) { memory.limit = bytes; },
    memoryRefused() { return memory.refused; },
    file(path, content) {
      const folder = path.slice(0, path.lastIndexOf("/"));
      python.FS.mkdirTree(folder);
      python.FS.writeFile(path, typeof content === "string" ? content : copyBytes(content));
    },
    run(root, entry, args) {
      const result = run(root, entry, python.toPy(JSON.parse(args)));
      const plain = [Number(result.get(0)), String(result.get(1))];
      return JSON.stringify(plain);
    },
    test(root, plan, half) { test(root, plan, (text) => { safely(() => host.report(String(text))); }, half, send, receive); },
    candidate(root, half) { candidate(root, half, send, receive); },
  };
})`;
