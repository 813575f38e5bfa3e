/** A kind of secret that is known by its form alone. */
export interface SecretFormat {
  readonly kind: string;
  /** It begins with one of these, behind what is no letter, digit or underscore of ASCII, nor any of `notBehind`. */
  readonly begins: readonly string[];
  /** @default "" */
  readonly notBehind?: string;
  /** What follows: a regular expression that cannot go back more than its own bounds. */
  readonly follows: string;
  /** Where the form is described. */
  readonly source: string;
}

const END = "(?![A-Za-z0-9])";

/** Forms of tokens and keys, after what those who give them out say of them. */
export const SECRET_FORMATS: readonly SecretFormat[] = [
  {
    kind: "aws-access-key",
    begins: ["AKIA", "ASIA"],
    follows: `[A-Z2-7]{16}${END}`,
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
  },
  {
    kind: "gcp-api-key",
    begins: ["AIza"],
    follows: "[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])",
    source: "https://cloud.google.com/docs/authentication/api-keys",
  },
  {
    kind: "gcp-oauth-token",
    begins: ["ya29."],
    follows: "[A-Za-z0-9_-]{20,2048}",
    source: "https://cloud.google.com/docs/authentication/token-types",
  },
  {
    kind: "gcp-client-secret",
    begins: ["GOCSPX-"],
    follows: "[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])",
    source: "https://cloud.google.com/docs/authentication/token-types",
  },
  {
    kind: "github-token",
    begins: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
    follows: "[A-Za-z0-9_.-]{36,1024}",
    source:
      "https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/",
  },
  {
    kind: "github-token",
    begins: ["github_pat_"],
    follows: "[A-Za-z0-9_]{36,255}",
    source:
      "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
  },
  {
    kind: "gitlab-token",
    begins: [
      "glpat-",
      "gloas-",
      "gldt-",
      "glrt-",
      "glrtr-",
      "glcbt-",
      "glptt-",
      "glft-",
      "glimt-",
      "glagent-",
      "glsoat-",
    ],
    follows: "[A-Za-z0-9_.-]{20,300}",
    source: "https://docs.gitlab.com/security/tokens/#token-prefixes",
  },
  {
    kind: "slack-token",
    begins: [
      "xoxa-",
      "xoxb-",
      "xoxe-",
      "xoxe.xoxp-",
      "xoxo-",
      "xoxp-",
      "xoxr-",
      "xoxs-",
      "xoxc-",
      "xoxd-",
      "xapp-",
    ],
    follows: "[A-Za-z0-9%-]{10,512}",
    source: "https://docs.slack.dev/authentication/tokens",
  },
  {
    kind: "slack-webhook",
    begins: ["hooks.slack.com/services/", "hooks.slack.com/workflows/"],
    follows: "[A-Za-z0-9]{8,16}/[A-Za-z0-9]{8,16}/[A-Za-z0-9/]{16,64}",
    source: "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks",
  },
  {
    kind: "stripe-key",
    begins: ["sk_live_", "sk_test_", "rk_live_", "rk_test_"],
    follows: "[A-Za-z0-9]{10,247}",
    source: "https://docs.stripe.com/keys",
  },
  {
    kind: "stripe-webhook-secret",
    begins: ["whsec_"],
    follows: "[A-Za-z0-9+/=]{24,128}",
    source: "https://docs.stripe.com/webhooks",
  },
  {
    kind: "anthropic-key",
    begins: ["sk-ant-"],
    follows: "[a-z]{2,8}[0-9]{2}-[A-Za-z0-9_-]{20,256}",
    source: "https://platform.claude.com/docs/en/api/overview",
  },
  {
    kind: "openai-key",
    begins: ["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"],
    follows: "[A-Za-z0-9_-]{20,256}",
    source: "https://platform.openai.com/docs/api-reference/authentication",
  },
  {
    kind: "openai-key",
    begins: ["sk-"],
    follows: `[A-Za-z0-9]{40,64}${END}`,
    source: "https://platform.openai.com/docs/api-reference/authentication",
  },
  {
    kind: "huggingface-token",
    begins: ["hf_"],
    follows: `[A-Za-z0-9]{34,40}${END}`,
    source: "https://huggingface.co/docs/hub/security-tokens",
  },
  {
    kind: "npm-token",
    begins: ["npm_"],
    follows: `[A-Za-z0-9]{36}${END}`,
    source: "https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/",
  },
  {
    kind: "pypi-token",
    begins: ["pypi-"],
    follows: "[A-Za-z0-9_-]{50,1024}",
    source: "https://docs.pypi.org/api/secrets/",
  },
  {
    kind: "rubygems-key",
    begins: ["rubygems_"],
    follows: `[a-f0-9]{48}${END}`,
    source: "https://guides.rubygems.org/api-key-scopes/",
  },
  {
    kind: "docker-token",
    begins: ["dckr_pat_", "dckr_oat_"],
    follows: "[A-Za-z0-9_-]{20,64}",
    source: "https://docs.docker.com/security/access-tokens/",
  },
  {
    kind: "digitalocean-token",
    begins: ["dop_v1_", "doo_v1_", "dor_v1_"],
    follows: `[a-f0-9]{64}${END}`,
    source: "https://docs.digitalocean.com/reference/api/create-personal-access-token/",
  },
  {
    kind: "sendgrid-key",
    begins: ["SG."],
    follows: "[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])",
    source: "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
  },
  {
    kind: "shopify-token",
    begins: ["shpat_", "shpca_", "shppa_", "shpss_"],
    follows: `[a-fA-F0-9]{32}${END}`,
    source: "https://shopify.dev/changelog/length-of-the-shopify-access-token-is-increasing",
  },
  {
    kind: "vault-token",
    begins: ["hvs.", "hvb.", "hvr."],
    follows: "[A-Za-z0-9_-]{24,512}",
    source: "https://developer.hashicorp.com/vault/docs/concepts/tokens",
  },
  {
    kind: "databricks-token",
    begins: ["dapi"],
    follows: `[a-f0-9]{32}(?:-\\d)?${END}`,
    source: "https://docs.databricks.com/aws/en/dev-tools/auth/pat",
  },
  {
    kind: "age-key",
    begins: ["AGE-SECRET-KEY-1"],
    follows: "[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}",
    source: "https://github.com/C2SP/C2SP/blob/main/age.md",
  },
  {
    kind: "azure-storage-key",
    begins: ["AccountKey="],
    follows: "[A-Za-z0-9+/]{86}==",
    source: "https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string",
  },
  {
    kind: "azure-shared-access-key",
    begins: ["SharedAccessKey="],
    follows: "[A-Za-z0-9+/]{43}=",
    source: "https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas",
  },
  {
    kind: "azure-signature",
    begins: ["sig="],
    follows: "[A-Za-z0-9+/%]{40,120}(?:%3[Dd]|=)",
    source: "https://learn.microsoft.com/azure/storage/common/storage-sas-overview",
  },
  {
    kind: "jwt",
    begins: ["eyJ"],
    // Else each "-eyJ" of a long run would be tried up to its end.
    notBehind: "-",
    follows: "[A-Za-z0-9_-]{8,8192}\\.eyJ[A-Za-z0-9_-]{8,8192}\\.[A-Za-z0-9_-]{8,8192}",
    source: "https://www.rfc-editor.org/rfc/rfc7519",
  },
];

/**
 * A secret of an Azure application has its mark in the middle: three characters, a digit, `Q~`, then the rest.
 * https://learn.microsoft.com/entra/identity-platform/howto-create-service-principal-portal
 */
export const AZURE_CLIENT_SECRET: {
  readonly kind: string;
  readonly mark: string;
  readonly before: RegExp;
  readonly after: string;
} = {
  kind: "azure-client-secret",
  mark: "Q~",
  before: /[A-Za-z0-9_~.-]{3}\d$/,
  after: "[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])",
};
