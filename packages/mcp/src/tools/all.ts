import type { Tool } from "../tool.js";
import { forecastTool } from "./forecast.js";
import { impactTool } from "./impact.js";
import { recallTool } from "./recall.js";
import { recordOutcomeTool } from "./record-outcome.js";
import { rememberTool } from "./remember.js";
import { searchCodeTool } from "./search-code.js";
import { symbolTool } from "./symbol.js";
import { verifyTool } from "./verify.js";

/** All tools, in the order in which work goes. */
export const TOOLS: readonly Tool[] = [
  recallTool,
  searchCodeTool,
  symbolTool,
  impactTool,
  forecastTool,
  verifyTool,
  rememberTool,
  recordOutcomeTool,
];
