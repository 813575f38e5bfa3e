import type { Diagnosis } from "@agentos/sdk";
import { type CommandContext, type CommandDefinition, withAgentOS } from "../context.js";
import { table } from "../output.js";

/** `agentos doctor`: what this machine can enforce. */
export const doctorCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("doctor")
      .description("try what this machine can enforce, and name the command that adds the rest")
      .addHelpText("after", "\nExample:\n  agentos doctor"),

  async run(context) {
    return withAgentOS(context, async (agentos) => {
      context.progress.status("trying each sandbox driver…");
      const diagnosis = await agentos.doctor();
      context.progress.end();
      return { json: diagnosis, text: textOf(diagnosis, context) };
    });
  },
};

/** A diagnosis for a person. */
function textOf(diagnosis: Diagnosis, { colors }: Pick<CommandContext, "colors">): string {
  const drivers = diagnosis.drivers.map(({ name, availability }) =>
    availability.available
      ? [
          colors.green("✓"),
          name,
          `${availability.mechanism}: ${availability.guarantees.join(", ") || "no guarantee"}`,
        ]
      : [colors.red("✗"), name, availability.reason],
  );
  const languages = diagnosis.languages.map(({ language, drivers: able, guarantees }) => [
    able.length > 0 ? colors.green("✓") : colors.red("✗"),
    language,
    able.length > 0
      ? `${able.join(", ")} (${guarantees.join(", ") || "no guarantee"})`
      : "cannot be run here",
  ]);
  const parts = [
    `Node ${diagnosis.node} on ${diagnosis.platform}`,
    `Kept in ${diagnosis.dir}`,
    `\nSandbox drivers\n${table(drivers)}`,
    `\nLanguages\n${table(languages)}`,
  ];
  if (diagnosis.remedies.length > 0) {
    parts.push(
      `\nNotes, and what could be added\n${diagnosis.remedies.map((remedy) => `- ${remedy}`).join("\n")}`,
    );
  }
  return parts.join("\n");
}
