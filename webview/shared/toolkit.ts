/** The controls of every panel. The toolkit is archived upstream, so this is the only file that names it. */
import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';
import { element } from './dom';

provideVSCodeDesignSystem().register(vsCodeButton());

export interface ButtonOptions {
  readonly text: string;
  /** Tells the button from the others of its page, too. */
  readonly icon: string;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

export function button({ text, icon, primary = false, disabled = false, onClick }: ButtonOptions): HTMLElement {
  const control = element('vscode-button', { appearance: primary ? 'primary' : 'secondary', 'data-key': icon }, [
    element('span', { slot: 'start', class: `codicon codicon-${icon}`, 'aria-hidden': 'true' }),
    text,
  ]);
  control.toggleAttribute('disabled', disabled);
  control.addEventListener('click', onClick);
  return control;
}
