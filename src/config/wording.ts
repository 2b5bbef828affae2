/** How texts from the config appear in messages. */
import { withoutSecrets } from './secrets';

/** At most 60 characters, so that a message stays one sentence, and no secret among them. */
export function shorten(text: string): string {
  const told = withoutSecrets(text);
  return told.length > 60 ? `${told.slice(0, 57)}…` : told;
}
