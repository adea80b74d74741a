// Generated from the core's contract. Do not edit.
import type { AccountRef } from "./AccountRef";
import type { AccountRemoval } from "./AccountRemoval";
import type { ChooseWayBack } from "./ChooseWayBack";
import type { EditServer } from "./EditServer";
import type { NewServer } from "./NewServer";
import type { Passphrase } from "./Passphrase";
import type { PastedAddress } from "./PastedAddress";
import type { ProbeRequest } from "./ProbeRequest";
import type { ProbeView } from "./ProbeView";
import type { RenameAccount } from "./RenameAccount";
import type { RunRef } from "./RunRef";
import type { RunStepsView } from "./RunStepsView";
import type { RunsView } from "./RunsView";
import type { ServerRef } from "./ServerRef";
import type { ServerView } from "./ServerView";
import type { SignInLink } from "./SignInLink";
import type { SignInRef } from "./SignInRef";
import type { Snapshot } from "./Snapshot";
import type { ToolCall } from "./ToolCall";
import type { ToolResultView } from "./ToolResultView";
import type { ToolsView } from "./ToolsView";
import type { VaultView } from "./VaultView";

/** Every call: its name, its argument, its answer. */
export interface Calls {
  snapshot: { argument: null; answer: Snapshot };
  probe: { argument: ProbeRequest; answer: ProbeView };
  addServer: { argument: NewServer; answer: ServerView };
  editServer: { argument: EditServer; answer: ServerView };
  chooseWayBack: { argument: ChooseWayBack; answer: ServerView };
  deleteServer: { argument: ServerRef; answer: ServerView };
  connect: { argument: ServerRef; answer: null };
  signIn: { argument: ServerRef; answer: null };
  allowConsent: { argument: ServerRef; answer: null };
  declineConsent: { argument: ServerRef; answer: null };
  addAccount: { argument: ServerRef; answer: null };
  reconnectAccount: { argument: AccountRef; answer: null };
  useAccount: { argument: AccountRef; answer: ServerView };
  renameAccount: { argument: RenameAccount; answer: ServerView };
  removeAccount: { argument: AccountRef; answer: AccountRemoval };
  disconnect: { argument: ServerRef; answer: ServerView };
  reopenBrowser: { argument: SignInRef; answer: null };
  signInLink: { argument: SignInRef; answer: SignInLink };
  tryAnotherWay: { argument: SignInRef; answer: null };
  pasteAnswer: { argument: PastedAddress; answer: null };
  cancelSignIn: { argument: SignInRef; answer: null };
  signInRuns: { argument: ServerRef; answer: RunsView };
  signInRun: { argument: RunRef; answer: RunStepsView };
  tools: { argument: ServerRef; answer: ToolsView };
  callTool: { argument: ToolCall; answer: ToolResultView };
  retryVault: { argument: null; answer: VaultView };
  unlock: { argument: Passphrase; answer: VaultView };
  choosePassphrase: { argument: Passphrase; answer: VaultView };
  restorationSeen: { argument: null; answer: null };
  replaceLostKey: { argument: null; answer: VaultView };
}
