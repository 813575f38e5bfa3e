import { describe, expect, it } from "vitest";
import { Screen } from "../../main-job/screen.js";

function terminal(colours: boolean): { text: string; screen: Screen; at(ms: number): void } {
  let now = 0;
  const state = {
    text: "",
    at: (ms: number): void => {
      now = ms;
    },
  };
  const write = (chunk: string | Uint8Array): boolean => {
    state.text += String(chunk);
    return true;
  };
  const output = { isTTY: true, columns: 60, write, hasColors: (): boolean => colours };
  return Object.assign(state, { screen: new Screen(output, () => now) });
}

describe("Screen", () => {
  it("writes plain lines where there is no terminal, without control characters", () => {
    let text = "";
    let now = 0;
    const screen = new Screen(
      {
        write: (chunk: string | Uint8Array): boolean => {
          text += String(chunk);
          return true;
        },
      },
      () => now,
    );
    for (now = 0; now <= 5_000; now += 100) screen.progress("files", now / 100, 50);
    screen.endProgress();
    screen.line(screen.style("red", "done"));
    // One at the start, one every two seconds, one at the end.
    expect(text).toBe("  files 0/50\n  files 20/50\n  files 40/50\n  files 50/50\ndone\n");
  });

  it("keeps the progress below the lines of a terminal and takes it away", () => {
    const tty = terminal(false);
    tty.screen.progress("tasks", 1, 4);
    tty.screen.line("hello");
    tty.screen.endProgress();
    const erase = "\r\u001b[2K";
    const bar = `  ${"█".repeat(6)}${"░".repeat(18)} tasks 1/4`;
    expect(tty.text).toBe(`${bar}${erase}hello\n${bar}${erase}`);
  });

  it("redraws progress at most every 80 ms, but always the end", () => {
    const tty = terminal(false);
    tty.at(1_000);
    for (const done of [0, 1, 2, 3, 4]) tty.screen.progress("tasks", done, 4);
    expect(tty.text).not.toContain("2/4");
    expect(tty.text).toContain("4/4");
  });

  it("colours only where the terminal has colours", () => {
    expect(terminal(true).screen.style("green", "x")).toBe("\u001b[32mx\u001b[0m");
    expect(terminal(false).screen.style("green", "x")).toBe("x");
  });
});
