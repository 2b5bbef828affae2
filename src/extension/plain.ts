/**
 * Text from files in VS Code's notifications, where `[label](command:id)` becomes a link that runs a command. What a
 * file says is shown as it is, but for the space that keeps it text.
 */
export function plain(text: string): string {
  return text.replaceAll('](', '] (');
}
