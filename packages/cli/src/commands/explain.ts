import { type CommandDefinition, withAgentOS } from "../context.js";
import { printable } from "../output.js";

/** `agentos explain`: why an outcome came to be. */
export const explainCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("explain")
      .description("say why an outcome came to be: brief, forecast, verdict")
      .argument("<outcome id>", "as verify and solve print it")
      .addHelpText("after", "\nExample:\n  agentos explain 0hq2k9x1abc"),

  async run(context, [id]) {
    return withAgentOS(context, async (agentos) => {
      const explanation = await agentos.explain(String(id));
      return { json: explanation, text: printable(explanation.text) };
    });
  },
};
